/*
 * Finds the end of a value in a text: strings and brackets of JSON and of console output, also of JSON within JSON, where backslashes
 * precede every quote. A value that was cut ends with the text.
 */

/**
 * Returns the place after the quote that closes a string whose quotes follow `slashes` backslashes. A quote after more of them is part of
 * the string, unless the others are escaped backslashes at its end; one after fewer ends the enclosing string.
 */
export function closeQuote(text: string, from: number, quote: string, slashes: number): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    const found = slashesBefore(text, at, from);
    if (found < slashes) return at - found;
    if (found % (2 * (slashes + 1)) === slashes) return at + 1;
  }
  return text.length;
}

const BRACKET_OR_QUOTE = /[[\]{}()"'`]/g;

/** Returns the place after the bracket that closes the one at `open`; brackets in strings do not count. */
export function closeBracket(text: string, open: number): number {
  let depth = 0;
  let from = open;
  for (;;) {
    BRACKET_OR_QUOTE.lastIndex = from;
    const match = BRACKET_OR_QUOTE.exec(text);
    if (match === null) return text.length;
    const [mark] = match;
    from = match.index + 1;
    if ('[{('.includes(mark)) depth++;
    else if (')}]'.includes(mark)) depth--;
    else from = closeQuote(text, from, mark, slashesBefore(text, match.index, open));
    if (depth === 0) return from;
  }
}

function slashesBefore(text: string, at: number, from: number): number {
  let count = 0;
  while (at - count > from && text[at - count - 1] === '\\') count++;
  return count;
}
