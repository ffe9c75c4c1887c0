import { transform, type Options } from 'sucrase';
import { sourceIssue } from '../../core/code/source-issue.rules';
import { prepareJavaScript, TOO_DEEP } from './javascript';
import type { Prepared } from '../types';
import { enumIssues, namespaceIssues } from './typescript-limits';

const OPTIONS: Options = { transforms: ['typescript'], disableESTransforms: true };

/** Strips the types line by line and checks the rest as JavaScript: positions stay true. Does not check types. */
export function prepareTypeScript(source: string): Prepared {
  let code: string;
  try {
    ({ code } = transform(source, OPTIONS));
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'refused', issues: [TOO_DEEP] };
    if (!(error instanceof SyntaxError)) throw error;
    const { loc } = error as SyntaxError & { loc?: { line: number; column: number } };
    const message = error.message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
    // Sucrase counts columns from 1.
    return {
      kind: 'refused',
      issues: [sourceIssue('syntax', message, loc && { line: loc.line, column: loc.column - 1 })],
    };
  }
  const prepared = prepareJavaScript(code);
  const issues = [...namespaceIssues(source, OPTIONS), ...(prepared.kind === 'ready' ? enumIssues(source, code) : [])];
  if (issues.length === 0) return prepared;
  return { kind: 'refused', issues: [...issues, ...(prepared.kind === 'refused' ? prepared.issues : [])] };
}
