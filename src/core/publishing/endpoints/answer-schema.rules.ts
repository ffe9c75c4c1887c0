import { followPointer } from '../../../kernel/json-pointer';
import { isObject } from '../../../kernel/json.rules';

/** Required form of the value of a keyword. */
type Kind =
  | 'count'
  | 'list'
  | 'number'
  | 'pattern'
  | 'reference'
  | 'schema'
  | 'schemas'
  | 'named'
  | 'names'
  | 'text'
  | 'type';

const KEYWORDS: Record<Kind, string> = {
  count: 'maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties',
  list: 'enum examples',
  number: 'maximum exclusiveMaximum minimum exclusiveMinimum multipleOf',
  pattern: 'pattern',
  reference: '$ref $dynamicRef',
  schema:
    'items contains additionalProperties propertyNames unevaluatedItems unevaluatedProperties not if then else contentSchema',
  schemas: 'allOf anyOf oneOf prefixItems',
  named: 'properties patternProperties $defs definitions dependentSchemas',
  names: 'required',
  text: '$id $schema $anchor $comment title description format',
  type: 'type',
};
const KIND_OF = new Map(
  (Object.entries(KEYWORDS) as [Kind, string][]).flatMap(([kind, words]) =>
    words.split(' ').map((word) => [word, kind]),
  ),
);

const TYPES = new Set<unknown>(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

/** Issue of a schema, and the keys that lead there. */
export interface SchemaIssue {
  path: (string | number)[];
  message: string;
}

/**
 * Returns the first place where a JSON Schema (2020-12) has a value that its keyword cannot have, or a reference to a part that it lacks; null
 * for none. One such schema would make the description of all endpoints, and the list of all tools, unreadable to strict clients.
 */
export function answerSchemaIssue(root: unknown): SchemaIssue | null {
  return schemaIssue(root, [], root);
}

function schemaIssue(schema: unknown, path: SchemaIssue['path'], root: unknown): SchemaIssue | null {
  if (typeof schema === 'boolean') return null;
  if (!isObject(schema)) return { path, message: 'must be a JSON Schema: an object, true or false' };
  return firstOf(Object.entries(schema), ([name, value]) => {
    const kind = KIND_OF.get(name);
    return kind === undefined ? null : valueIssue(kind, value, [...path, name], root);
  });
}

function valueIssue(kind: Kind, value: unknown, path: SchemaIssue['path'], root: unknown): SchemaIssue | null {
  switch (kind) {
    case 'schema':
      return schemaIssue(value, path, root);
    case 'schemas':
      if (!Array.isArray(value) || value.length === 0) return { path, message: 'must be a list of JSON Schemas' };
      return firstOf([...value.entries()], ([index, each]) => schemaIssue(each, [...path, index], root));
    case 'named':
      if (!isObject(value)) return { path, message: 'must be an object of JSON Schemas' };
      return firstOf(Object.entries(value), ([name, each]) => schemaIssue(each, [...path, name], root));
    default: {
      const message = plainIssue(kind, value, root);
      return message === null ? null : { path, message };
    }
  }
}

function plainIssue(kind: Exclude<Kind, 'schema' | 'schemas' | 'named'>, value: unknown, root: unknown): string | null {
  switch (kind) {
    case 'type':
      return isType(value) ? null : `must be ${[...TYPES].join(', ')}, or a list of these`;
    case 'reference':
      return isPlace(value, root) ? null : 'must be a place in this schema, such as #/$defs/name';
    case 'pattern':
      return isExpression(value) ? null : 'must be a regular expression';
    case 'names':
      return Array.isArray(value) && value.every((each) => typeof each === 'string') ? null : 'must be a list of names';
    case 'list':
      return Array.isArray(value) ? null : 'must be a list';
    case 'count':
      return Number.isInteger(value) && Number(value) >= 0 ? null : 'must be a whole number, 0 or more';
    case 'number':
      return typeof value === 'number' ? null : 'must be a number';
    case 'text':
      return typeof value === 'string' ? null : 'must be text';
  }
}

const isType = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every((each) => TYPES.has(each)) : TYPES.has(value);

/** Checks a reference by JSON Pointer; one by the name of an anchor is taken as it is. */
const isPlace = (value: unknown, root: unknown): boolean =>
  typeof value === 'string' && (!value.startsWith('#/') || followPointer(root, value).value !== undefined);

function isExpression(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function firstOf<T>(items: readonly T[], issueOf: (item: T) => SchemaIssue | null): SchemaIssue | null {
  for (const item of items) {
    const issue = issueOf(item);
    if (issue !== null) return issue;
  }
  return null;
}
