import type { Node, NodeInputSlot } from '../document/node.schema';
import { inDependents, validationIssue, type ValidationIssue } from './validation.rules';

/** Returns the issues of a single node, in PLynx's order; undefined when it has none. */
export const validateNode = (node: Node): ValidationIssue | undefined =>
  inDependents('NODE', node._id, nodeIssues(node));

/** The same as a plain list, for a graph that adds its own issues. */
export function nodeIssues(node: Node): ValidationIssue[] {
  const found: ValidationIssue[] = [];
  if (node.title === '') found.push(validationIssue('PROPERTY', 'title', 'MISSING_PARAMETER'));
  for (const input of node.inputs) found.push(...countIssues(input, node.node_status !== 'CREATED'));
  if (node.node_status === 'MANDATORY_DEPRECATED') found.push(validationIssue('NODE', node._id, 'DEPRECATED_NODE'));
  return found;
}

// A negative maximum means any number. An operation still being written (CREATED) has no values to count yet.
function countIssues({ name, min_count, max_count, values }: NodeInputSlot, isPlaced: boolean): ValidationIssue[] {
  const found: ValidationIssue[] = [];
  if (min_count < 0) found.push(validationIssue('INPUT', name, 'MINIMUM_COUNT_MUST_NOT_BE_NEGATIVE'));
  if (max_count > 0 && min_count > max_count) {
    found.push(validationIssue('INPUT', name, 'MINIMUM_COUNT_MUST_BE_GREATER_THAN_MAXIMUM'));
  }
  if (max_count === 0) found.push(validationIssue('INPUT', name, 'MAXIMUM_COUNT_MUST_NOT_BE_ZERO'));
  if (isPlaced && values.length < min_count) found.push(validationIssue('INPUT', name, 'MISSING_INPUT'));
  return found;
}
