import { parse, type Program } from 'acorn';
import { readImports } from '../../code/imports.rules';
import { parseJavaScript } from '../../code/javascript.rules';
import { ROOTS, type Root } from '../language/reach.rules';
import type { ExpressionIssue } from '../language/expression-reader.rules';

/** Names that the body of a `code` step can use besides the roots. */
export const CODE_INPUTS = ['input', 'tables'] as const;

/** Returns the roots that a body mentions. A mention in a string or as a field counts too: an unused root is harmless. */
export const rootsIn = (source: string): Root[] => ROOTS.filter((root) => new RegExp(`\\b${root}\\b`).test(source));

/** Returns the async function with the given body, as text. */
export const toRoutine = (name: string, source: string): string =>
  `async function ${name}({ ${[...CODE_INPUTS, ...rootsIn(source)].join(', ')} }) {\n${source}\n}`;

/**
 * Checks the body of an async function. Parses it alone first, since a body that closes the function around it and opens another
 * would parse inside. Imports follow the rule of handlers. Offsets count from the start of the body.
 */
export function checkSource(source: string): ExpressionIssue[] {
  const alone = attempt(source, 0, true);
  if (isIssue(alone)) return [alone];
  const outside = alone.body.find((node) => /^(Import|Export)/.test(node.type));
  if (outside !== undefined)
    return [
      {
        offset: outside.start,
        message: 'import and export statements are not allowed in a code step; use await import(…)',
      },
    ];
  const opening = toRoutine('body', '').indexOf('\n') + 1;
  const whole = attempt(toRoutine('body', source), opening, false);
  if (isIssue(whole)) return [whole];
  return readImports(alone).issues.map(({ start, message }) => ({ offset: start, message }));
}

/** Returns the libraries that a body imports. The body has passed `checkSource`. */
export const librariesIn = (source: string): string[] => readImports(parseJavaScript(source)!).libraries;

const isIssue = (parsed: Program | ExpressionIssue): parsed is ExpressionIssue => 'offset' in parsed;

function attempt(text: string, offset: number, alone: boolean): Program | ExpressionIssue {
  try {
    return parse(text, {
      ecmaVersion: 2025,
      sourceType: 'module',
      locations: true,
      allowReturnOutsideFunction: alone,
      allowAwaitOutsideFunction: alone,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) return { offset: 0, message: 'the code is nested too deeply' };
    const position = 'pos' in error && typeof error.pos === 'number' ? error.pos : offset;
    return { offset: Math.max(0, position - offset), message: error.message.replace(/ \(\d+:\d+\)$/, '') };
  }
}
