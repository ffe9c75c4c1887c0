import { parseAt } from './expression.rules';
import type { ExpressionIssue, Reference } from './expression-reader.rules';

export interface ParsedTemplate {
  /** Literal text and expressions in turn; `offset` is where an expression's text starts in the template. */
  parts: (string | { code: string; references: Reference[]; offset: number; end: number })[];
  issues: ExpressionIssue[];
}

/** Problems reported for one template; locating each takes time. */
const MAX_TEMPLATE_ISSUES = 10;

/** Parses text with `{{expressions}}` in it. Never throws. Offsets count from the start of the text. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: ParsedTemplate['parts'] = [];
  const issues: ExpressionIssue[] = [];
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    if (open > from) parts.push(text.slice(from, open));
    const { code, references, issues: found, end } = parseAt(text, open + 2);
    if (found.length > 0) {
      issues.push(...found);
      const close = text.indexOf('}}', open + 2);
      if (close < 0 || issues.length >= MAX_TEMPLATE_ISSUES) return { parts, issues };
      from = close + 2;
      continue;
    }
    const close = /^\s*\}\}/.exec(text.slice(end));
    if (close === null)
      return { parts, issues: [...issues, { offset: end, message: 'expected }} after the expression' }] };
    parts.push({ code, references, offset: open + 2, end });
    from = end + close[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return { parts, issues };
}
