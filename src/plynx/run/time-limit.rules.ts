import { DEFAULT_TIMEOUT_MINUTES } from '../document/base-node.rules';
import type { Node } from '../document/node.schema';
import { scriptValue } from '../document/parameter.schema';
import { pythonInt } from '../document/python.rules';

const MINUTE_MS = 60_000;

/** Returns the time limit of a node: its parameter `_timeout`, in minutes, at most 600, PLynx's default. */
export function timeoutOf(node: Node): { minutes: number; ms: number } {
  const parameter = node.parameters.find(({ name }) => name === '_timeout');
  const given = parameter && pythonInt(scriptValue(parameter));
  const minutes = Math.min(Math.max(given ?? DEFAULT_TIMEOUT_MINUTES, 0), DEFAULT_TIMEOUT_MINUTES);
  return { minutes, ms: minutes * MINUTE_MS };
}
