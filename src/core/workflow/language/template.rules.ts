import { parseAt } from './expression.rules';
import type { Problem, Reference } from './expression-reader.rules';

export interface ParsedTemplate {
  /** Literal text and expressions in turn; `offset` is where an expression's text starts in the template. */
  parts: (string | { code: string; references: Reference[]; offset: number; end: number })[];
  problems: Problem[];
}

/** Problems reported for one template; locating each takes time. */
const MAX_PROBLEMS = 10;

/** Parses text with `{{expressions}}` in it. Never throws. Offsets count from the start of the text. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: ParsedTemplate['parts'] = [];
  const problems: Problem[] = [];
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    if (open > from) parts.push(text.slice(from, open));
    const { code, references, problems: found, end } = parseAt(text, open + 2);
    if (found.length > 0) {
      problems.push(...found);
      const close = text.indexOf('}}', open + 2);
      if (close < 0 || problems.length >= MAX_PROBLEMS) return { parts, problems };
      from = close + 2;
      continue;
    }
    const close = /^\s*\}\}/.exec(text.slice(end));
    if (close === null)
      return { parts, problems: [...problems, { offset: end, message: 'expected }} after the expression' }] };
    parts.push({ code, references, offset: open + 2, end });
    from = end + close[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return { parts, problems };
}
