/** Levels of arrays and objects that a JSON body may have. */
export const MAX_JSON_DEPTH = 64;

/** True when `text` opens more than `limit` arrays and objects within each other. One pass, no recursion, text in strings ignored. */
export function isTooDeep(text: string, limit: number = MAX_JSON_DEPTH): boolean {
  // Every level takes two characters.
  if (text.length < limit * 2) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
