import { parseExpressionAt, type AnyNode, type Expression } from 'acorn';
import { readExpression, type Insertion, type ExpressionIssue, type Reference } from './expression-reader.rules';
import { EXPRESSION_CHARS } from './value.schema';

export interface ParsedExpression {
  /** Equivalent JavaScript, with computed members checked. Valid only when there are no issues. */
  code: string;
  references: Reference[];
  issues: ExpressionIssue[];
}

/** Parses a whole text as one expression, and checks it against the allow-list. Never throws. */
export function parseExpression(text: string): ParsedExpression {
  const at = parseAt(text, 0);
  const rest = text.slice(at.end);
  if (at.issues.length === 0 && rest.trim() !== '') {
    return { ...at, issues: [{ offset: at.end, message: 'must be a single expression' }] };
  }
  return at;
}

/** Parses the expression that starts at `offset`; `end` is where it ends in the text. `code` is only that expression's. */
export function parseAt(text: string, offset: number): ParsedExpression & { end: number } {
  const failed = (at: number, message: string) => ({
    code: '',
    references: [],
    issues: [{ offset: at, message }],
    end: text.length,
  });
  if (text.length - offset > EXPRESSION_CHARS * 5) return failed(offset, 'the text is too long');
  // The compiler marks line breaks with NUL, so an expression must not contain it.
  if (text.includes('\0')) return failed(text.indexOf('\0'), 'NUL characters are not allowed in an expression');
  let comment: number | null = null;
  let node: Expression;
  try {
    node = parseExpressionAt(text, offset, {
      ecmaVersion: 2024,
      sourceType: 'module',
      // Without these nodes, the ends of `(a)` would be those of `a`.
      preserveParens: true,
      onComment: (_block, _text, start) => (comment ??= start),
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) return failed(offset, 'the expression is nested too deeply');
    const position = 'pos' in error && typeof error.pos === 'number' ? error.pos : offset;
    return failed(position, error.message.replace(/ \(\d+:\d+\)$/, ''));
  }
  if (comment !== null && comment < node.end) return failed(comment, 'comments are not allowed in an expression');
  try {
    const { references, issues, insertions } = readExpression(node, text);
    return { code: splice(text, node, insertions), references, issues, end: node.end };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(offset, 'the expression is nested too deeply');
  }
}

function splice(text: string, node: AnyNode, insertions: readonly Insertion[]): string {
  let code = '';
  let from = node.start;
  // A stable sort: an inner `)` at the same offset was pushed first and stays first.
  for (const insertion of insertions.toSorted((a, b) => a.at - b.at)) {
    code += text.slice(from, insertion.at) + insertion.text;
    from = insertion.at;
  }
  return code + text.slice(from, node.end);
}
