import type { Node } from '../document/node.schema';
import { pythonTruth } from '../document/python.rules';

/** Whether a finished node may stand in for a later one like it: its parameter `cacheable` says so. */
export const isCacheable = (node: Node): boolean =>
  pythonTruth(node.parameters.find(({ name }) => name === 'cacheable')?.value);

/**
 * Counts what changes the results of operations without a change of theirs: results of an earlier count are not taken over any more.
 * 2: a Python script ends as a process, where files that it did not close stayed empty; templates are rendered by jinja2.
 */
const EXECUTION = 2;

/**
 * The text whose SHA-256 is the key of a node's result: the stored node it is of, what goes in, its parameters and whose run it is.
 * The time limit changes no result and stays out. PLynx leaves the command out too; but a placement's command can be changed, and
 * then an old result would come back. JSON, so that no name can read like a separator.
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
