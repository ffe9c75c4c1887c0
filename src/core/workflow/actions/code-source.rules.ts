import { parse, type Program } from 'acorn';
import { readImports } from '../../code/imports.rules';
import { parseJavaScript } from '../../code/javascript.rules';
import { ROOTS, type Root } from '../language/reach.rules';
import type { Problem } from '../language/expression-reader.rules';

/** What the body of a `code` step has in reach beside the roots. */
export const CODE_INPUTS = ['input', 'tables'] as const;

/** Names that a body uses, as far as they are roots; a name in a string or a field counts too, which costs nothing. */
export const rootsIn = (source: string): Root[] => ROOTS.filter((root) => new RegExp(`\\b${root}\\b`).test(source));

/** The text of the function that a body becomes. */
export const toRoutine = (name: string, source: string): string =>
  `async function ${name}({ ${[...CODE_INPUTS, ...rootsIn(source)].join(', ')} }) {\n${source}\n}`;

/**
 * Checks the body of an async function. It is parsed alone first: a body that closes the function around it and opens another one
 * would parse inside, and must not. What it imports follows the rule of handlers. Offsets count from the start of the body.
 */
export function checkSource(source: string): Problem[] {
  const alone = attempt(source, 0, true);
  if (isProblem(alone)) return [alone];
  const outside = alone.body.find((node) => /^(Import|Export)/.test(node.type));
  if (outside !== undefined)
    return [{ offset: outside.start, message: 'a code step has no import or export statement; write await import(…)' }];
  const opening = toRoutine('body', '').indexOf('\n') + 1;
  const whole = attempt(toRoutine('body', source), opening, false);
  if (isProblem(whole)) return [whole];
  return readImports(alone).issues.map(({ start, message }) => ({ offset: start, message }));
}

/** The libraries that a body imports; it has passed `checkSource`. */
export const librariesIn = (source: string): string[] => readImports(parseJavaScript(source)!).libraries;

const isProblem = (parsed: Program | Problem): parsed is Problem => 'offset' in parsed;

function attempt(text: string, offset: number, alone: boolean): Program | Problem {
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
