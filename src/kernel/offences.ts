import './issue-text.rules';
import type { z } from 'zod';
import { Fault, limitOffences, MAX_OFFENCES, quoted, type FaultCode, type Offence } from './errors';

const pointer = (base: string, path: PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => `${text}/${quoted(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    base,
  );

/** What zod found, as offences with JSON Pointers; every unknown field is one of its own. Makes no more of them than are listed. */
export function toOffences(error: z.ZodError, base: string = '#'): Offence[] {
  const offences: Offence[] = [];
  let total = 0;
  for (const issue of error.issues) {
    total += issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
    const room = MAX_OFFENCES - offences.length;
    if (room > 0) offences.push(...offencesOf(issue, base, room));
  }
  return limitOffences(offences, total);
}

function offencesOf(issue: z.core.$ZodIssue, base: string, room: number): Offence[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, room).map((key) => ({
      pointer: pointer(base, [...issue.path, key]),
      code: 'unknown_field',
      message: 'there is no such field',
    }));
  }
  const custom: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return [
    {
      pointer: pointer(base, issue.path),
      code: typeof custom === 'string' ? custom : issue.code,
      message: issue.message,
    },
  ];
}

/** Offences whose code says more than `invalid_input` does. */
const SPEAKING: readonly FaultCode[] = ['unknown_field', 'invalid_path', 'reserved_path', 'weak_key', 'weak_password'];

/** The first of several offences as one sentence. `nameOf` says how a wire's users call the place of an offence. */
export function summary(offences: readonly Offence[], nameOf: (pointer: string) => string, separator: string): string {
  const [first] = limitOffences(offences.slice(0, 1));
  const name = nameOf(first!.pointer);
  const more = offences.at(-1)!.code === 'more' ? 'more' : offences.length > 1 ? `${offences.length - 1} more` : null;
  return `${name === '' ? 'The body' : name}${separator}${first!.message}${more === null ? '' : ` (and ${more}, see errors)`}`;
}

/** 422 for a body. When all offences are of one speaking kind, that is the code of the whole. */
export function invalidInput(errors: Offence[]): Fault {
  const speaking = SPEAKING.find((code) => errors.every((offence) => offence.code === code || offence.code === 'more'));
  return new Fault(
    speaking ?? 'invalid_input',
    summary(errors, (at) => at.slice(2), ': '),
    { errors },
  );
}

/** 422 for one field. */
export const invalidField = (at: string, code: string, message: string): Fault =>
  invalidInput([{ pointer: `#/${at}`, code, message }]);
