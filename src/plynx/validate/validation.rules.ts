/** One issue, or a node of the tree that leads to it. */
export interface ValidationIssue {
  target: 'GRAPH' | 'NODE' | 'INPUT' | 'PROPERTY';
  /** The id of the graph or node, or the name of the input or property. */
  object: string;
  code: ValidationCode;
  children: ValidationIssue[];
}

export type ValidationCode =
  // Issues that PLynx 0.2.10 finds.
  | 'IN_DEPENDENTS'
  | 'MISSING_PARAMETER'
  | 'EMPTY_GRAPH'
  | 'MISSING_INPUT'
  | 'MINIMUM_COUNT_MUST_NOT_BE_NEGATIVE'
  | 'MINIMUM_COUNT_MUST_BE_GREATER_THAN_MAXIMUM'
  | 'MAXIMUM_COUNT_MUST_NOT_BE_ZERO'
  | 'DEPRECATED_NODE'
  // Issues that contradict PLynx's documentation, or break a run, and that PLynx does not check.
  | 'CYCLE_DETECTED'
  | 'DANGLING_LINK'
  | 'INCOMPATIBLE_TYPES'
  | 'TOO_MANY_VALUES'
  | 'DUPLICATE_NODE_ID'
  | 'TOO_MANY_NODES';

/** Builds an error without children. */
export const validationIssue = (
  target: ValidationIssue['target'],
  object: string,
  code: ValidationCode,
): ValidationIssue => ({
  target,
  object,
  code,
  children: [],
});

/** Builds the node of the tree above `children`, or undefined when there are none. */
export const inDependents = (
  target: 'GRAPH' | 'NODE',
  object: string,
  children: ValidationIssue[],
): ValidationIssue | undefined =>
  children.length > 0 ? { target, object, code: 'IN_DEPENDENTS', children } : undefined;
