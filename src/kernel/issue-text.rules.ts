import * as z from 'zod';
import { quoted } from './errors';

/*
 * Messages for values that a schema refuses. Those of zod are for its own users; these are for
 * users of an API. Importing this file puts them in force for every schema of the program.
 */

type RawIssue = z.core.$ZodRawIssue;
type FoundIssue = Pick<z.core.$ZodIssue, 'path' | 'message'> & { code?: string };

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  set: 'a list',
  date: 'a date',
  null: 'null',
  undefined: 'left out',
  never: 'left out',
};

const FORMATS: Record<string, string> = {
  email: 'an email address',
  url: 'an http or https URL',
  uuid: 'a UUID',
  guid: 'a UUID',
  date: 'a date such as 2026-01-31',
  datetime: 'a date and time such as 2026-01-31T09:30:00Z',
  time: 'a time such as 09:30:00',
  duration: 'a duration such as PT1H30M',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 network',
  cidrv6: 'an IPv6 network',
  base64: 'base64',
  base64url: 'base64url',
  jwt: 'a JWT',
  json_string: 'JSON text',
  e164: 'a telephone number such as +3212345678',
};

/** Units of the size of a value. */
const UNITS: Record<string, string> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'entry',
  object: 'field',
  file: 'byte',
};

const UNITS_OF_MANY: Record<string, string> = {
  character: 'characters',
  item: 'items',
  entry: 'entries',
  field: 'fields',
  byte: 'bytes',
};

/** Maximum number of choices, or names, in a message. */
const MAX_VALUES = 20;
/** Forms of a union that a message describes. */
const MAX_FORMS = 4;

/** Returns the end of a sentence that begins with the name of a value: "must be a number". */
function issueText(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${TYPES[issue.expected] ?? 'of another type'}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : choiceText(issue.values ?? []);
    case 'too_small':
      return sizeText(issue.origin, issue.minimum!, issue.exact ? '' : issue.inclusive ? 'at least ' : 'more than ');
    case 'too_big':
      return sizeText(issue.origin, issue.maximum!, issue.exact ? '' : issue.inclusive ? 'at most ' : 'less than ');
    case 'invalid_format':
      return formatText(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return unknownText(issue.keys ?? []);
    case 'invalid_key':
      return `has a name that ${(issue.issues as FoundIssue[] | undefined)?.[0]?.message ?? 'cannot be used'}`;
    case 'invalid_element':
      return `has an item that ${(issue.issues as FoundIssue[] | undefined)?.[0]?.message ?? 'cannot be used'}`;
    case 'invalid_union':
      return unionText(issue);
    default:
      return 'cannot be used';
  }
}

function unknownText(keys: readonly string[]): string {
  const listed = keys.slice(0, MAX_VALUES).map((key) => JSON.stringify(quoted(key)));
  const more = keys.length - listed.length;
  return `has unknown fields: ${listed.join(', ')}${more > 0 ? ` and ${more} others` : ''}`;
}

function choiceText(values: readonly unknown[]): string {
  const listed = values.slice(0, MAX_VALUES).map((value) => JSON.stringify(value) ?? String(value));
  const more = values.length - listed.length;
  if (values.length === 1) return `must be ${listed[0]}`;
  return `must be one of ${listed.join(', ')}${more > 0 ? ` and ${more} others` : ''}`;
}

function sizeText(origin: string | undefined, limit: number | bigint | Date, most: string): string {
  const unit = UNITS[origin ?? ''];
  const bound = limit instanceof Date ? limit.toISOString() : String(limit);
  if (unit === undefined) return `must be ${most}${bound}`;
  if (most === 'at least ' && bound === '1') return 'must not be empty';
  return `must have ${most}${bound} ${bound === '1' ? unit : UNITS_OF_MANY[unit]}`;
}

function formatText(issue: Extract<RawIssue, { code: 'invalid_format' }>): string {
  const { format } = issue;
  if (format === 'starts_with') return `must start with ${JSON.stringify(issue.prefix)}`;
  if (format === 'ends_with') return `must end with ${JSON.stringify(issue.suffix)}`;
  if (format === 'includes') return `must contain ${JSON.stringify(issue.includes)}`;
  return FORMATS[format ?? ''] === undefined ? 'does not have the form it needs' : `must be ${FORMATS[format!]}`;
}

/** Describes what a value lacks for each of several forms, up to MAX_FORMS. */
function unionText(issue: Extract<RawIssue, { code: 'invalid_union' }>): string {
  if (issue.input === undefined) return 'is required';
  const options: unknown = (issue as { options?: unknown }).options;
  if (Array.isArray(options) && options.length > 0) return choiceText(options);
  if (issue.inclusive === false) return 'fits more than one of its forms';
  const forms = (issue.errors as FoundIssue[][] | undefined) ?? [];
  const messages = [...new Set(forms.flatMap(([first]) => (first ? [missing(first)] : [])))];
  return messages.length === 0 || messages.length > MAX_FORMS ? 'fits none of its forms' : messages.join(', or ');
}

const missing = ({ path, message }: FoundIssue): string =>
  path.length === 0 ? message : `${path.join('/')} ${message}`;

z.config({ customError: issueText });
