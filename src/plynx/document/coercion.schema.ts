import * as z from 'zod';
import { readObjectId } from './object-id.rules';
import { pythonInt, pythonStr, pythonTruth, shortRepr } from './python.rules';

/**
 * Fields as PLynx reads them: a missing or null value becomes the default, anything else goes through Python's `str`, `int` or `bool`.
 * Objects that use these drop unknown keys.
 */
const anything = z.unknown().optional();
const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Text; `str()` of anything else. */
export const textField = (fallback = '') =>
  anything.transform((value) => (isMissing(value) ? fallback : pythonStr(value)));

/** Text or null. */
export const optionalTextField = anything.transform((value) => (isMissing(value) ? null : pythonStr(value)));

/** A whole number; text of digits and fractions are converted as by Python's `int()`. */
export const intField = (fallback: number) =>
  anything.transform((value, ctx) => {
    if (isMissing(value)) return fallback;
    const whole = pythonInt(value);
    if (whole === undefined) {
      ctx.addIssue({ code: 'custom', message: `invalid literal for int() with base 10: ${shortRepr(value)}` });
      return z.NEVER;
    }
    return whole;
  });

/** true or false by Python's truth: the text "false" is true. */
export const flagField = (fallback: boolean) =>
  anything.transform((value) => (isMissing(value) ? fallback : pythonTruth(value)));

/** One of a closed list of words. */
export const wordField = <const T extends string>(words: readonly T[], fallback: NoInfer<T>) =>
  anything.transform((value, ctx) => {
    if (isMissing(value)) return fallback;
    const word = words.find((one) => one === value);
    if (word === undefined) {
      ctx.addIssue({ code: 'custom', message: `${shortRepr(value)} is not one of ${words.join(', ')}` });
      return z.NEVER;
    }
    return word;
  });

/** An id of 24 hex digits, or null. */
export const objectIdField = anything.transform((value, ctx) => {
  if (isMissing(value)) return null;
  const id = readObjectId(value);
  if (id === undefined) {
    const message = `${shortRepr(value)} is not a valid ObjectId, it must be a 12-byte input or a 24-character hex string`;
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  return id;
});

/** A list whose items follow `item`, at most `most` of them; missing is empty. */
export const listField = <T extends z.ZodType>(item: T, most = Infinity) =>
  (most === Infinity ? z.array(item) : z.array(item).max(most)).nullish().transform((items) => items ?? []);
