import type { Node } from '../document/node.schema';
import { pythonTruth } from '../document/python.rules';

/** Returns true when the result of a finished node may be reused for an equal one: its parameter `cacheable` is set. */
export const isCacheable = (node: Node): boolean =>
  pythonTruth(node.parameters.find(({ name }) => name === 'cacheable')?.value);

/**
 * Version of the way operations run. A change that affects results increases it: results of an earlier version are not reused.
 * 2: a Python script ends as a process, where files that it did not close stayed empty; templates are rendered by jinja2.
 */
const EXECUTION = 2;

/**
 * Returns the text whose SHA-256 is the key of a node's result: its stored node, its inputs, its parameters and the user of the run. The
 * time limit changes no result and is omitted. PLynx omits the command too; but a placement's command can be changed, and an old result
 * would then come back. JSON, so that no name can look like a separator.
 */
export function cacheKeyText(node: Node, userId: string): string {
  // The order of an input's values counts: a script may read the first one differently from the second.
  const inputs = node.inputs.map(({ name, values }) => [name, values.map(({ resource_id }) => resource_id)]);
  const parameters = node.parameters.filter(({ name }) => name !== '_timeout').map(({ name, value }) => [name, value]);
  const outputs = node.outputs.map(({ name, file_type }) => [name, file_type]);
  return JSON.stringify([
    EXECUTION,
    node.base_node_name,
    node.parent_node,
    sorted(inputs),
    sorted(parameters),
    sorted(outputs),
    userId,
  ]);
}

const sorted = (rows: unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
