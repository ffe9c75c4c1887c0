import { baseNodeName, NEW_JAVASCRIPT } from '../document/base-node.rules';
import { commandOf } from './job.rules';
import type { Node } from '../document/node.schema';

/** Returns true for an operation with the command of a new one: it does nothing, its outputs stay empty, and it succeeds. */
export function hasEmptyCommand(node: Node): boolean {
  const command = commandOf(node);
  switch (baseNodeName(node.base_node_name)) {
    case 'bash_jinja2':
    case 'python':
      return command.split('\n').every((line) => /^\s*(#.*|set\s.*)?$/.test(line));
    case 'javascript':
      return ['', NEW_JAVASCRIPT.trim()].includes(command.trim());
    default:
      return false;
  }
}

/** Maximum warnings per response or save. */
const MAX_WARNINGS = 100;

/** Returns a warning for each operation that does nothing. PLynx approves such operations, so it is not an error. */
export const emptyCommandWarnings = (nodes: Node[]): string[] =>
  nodes
    .filter(hasEmptyCommand)
    .slice(0, MAX_WARNINGS)
    .map(({ title, _id }) => `The command of operation "${title.slice(0, 100)}" (${_id}) is empty: it does nothing`);
