import { ApiError } from './errors';
import { isTooDeep, MAX_JSON_DEPTH, placeOf } from './json.rules';

/**
 * Returns what `parse` makes of a body's text. Throws 400 `json_too_deep` beyond 64 levels, and 400 `invalid_json` with the place where
 * the text stops being JSON. An ApiError of `parse` stays what it is.
 */
export function parseBody(text: string, parse: (text: string) => unknown): unknown {
  if (isTooDeep(text)) throw new ApiError('json_too_deep', `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('invalid_json', `The body is not JSON${placeOf(error, text)}.`);
  }
}
