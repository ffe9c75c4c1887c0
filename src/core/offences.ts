import type { z } from 'zod';
import { Fault, type FaultCode, type Offence } from './errors';

const pointer = (base: string, path: PropertyKey[]): string =>
  path.reduce<string>((text, part) => `${text}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`, base);

/** What zod found, as offences with JSON Pointers; every unknown field is one of its own. */
export function toOffences(error: z.ZodError, base: string = '#'): Offence[] {
  return error.issues.flatMap((issue): Offence[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
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
  });
}

/** Offences whose code says more than `invalid_input` does. */
const SPEAKING: readonly FaultCode[] = ['unknown_field', 'invalid_path', 'reserved_path', 'weak_key', 'weak_password'];

/** 422 for a body. When all offences are of one speaking kind, that is the code of the whole. */
export function invalidInput(errors: Offence[]): Fault {
  const first = errors[0]!;
  const speaking = SPEAKING.find((code) => errors.every((offence) => offence.code === code));
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new Fault(speaking ?? 'invalid_input', `${first.pointer.slice(2) || 'The body'}: ${first.message}${more}`, {
    errors,
  });
}

/** 422 for one field. */
export const invalidField = (at: string, code: string, message: string): Fault =>
  invalidInput([{ pointer: `#/${at}`, code, message }]);
