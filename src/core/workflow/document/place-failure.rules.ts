import type { HandlerError, Report } from '../../../runtime/types';
import type { Artifact } from '../../code/artifact';

/*
 * Errors of a workflow have positions in the compiled module. These functions map them to the author's source: the step, and the line
 * of its code.
 */

/** A stack frame, and the text after it when the error is printed within an object: `at f (handler.js:1:2)}`. */
const FRAME = /^\s+at (?:(.*) \()?[^()]*\bhandler\.js:(\d+):(\d+)\)?(.*)$/;
const ROUTINE = /^async function \$code_(\w+)\(/;

/** Maps the positions in an error of a workflow to its source. Returns the error of any other handler unchanged. */
export function placeError(error: HandlerError, artifact: Artifact | undefined): HandlerError {
  if (artifact?.workflow === undefined) return error;
  const stack = placeFrames(error.stack || `${error.name}: ${error.message}`, artifact.code);
  const place = placeOfStep(error.step, artifact);
  return { ...error, stack: place === null ? stack : `${stack}\n    at ${place}` };
}

/** Maps the positions in the log lines and the late error of a workflow's report to its source. */
export function placeReport(report: Report, artifact: Artifact | undefined): Report {
  if (artifact?.workflow === undefined) return report;
  const hasFrames = ([, , text]: Report['logs'][number]): boolean => text.includes('handler.js:');
  const { lateError } = report;
  return {
    ...report,
    logs: report.logs.map((line) => (hasFrames(line) ? [line[0], line[1], placeFrames(line[2], artifact.code)] : line)),
    lateError: lateError && placeError(lateError, artifact),
  };
}

function placeOfStep(step: string | undefined, { workflow }: Artifact): string | null {
  if (step === undefined) return null;
  const place = workflow?.places?.[workflow.steps.indexOf(step)];
  return place === undefined ? `step ${step}` : `step ${step} (${place[0]}, line ${place[1]}, column ${place[2]})`;
}

/** Rewrites frames within the code of a step; drops frames of the generated code around it. */
function placeFrames(stack: string, code: string): string {
  const routines = routinesIn(code);
  const lines: string[] = [];
  for (const line of stack.split('\n')) {
    const [, name = '', row, column, rest = ''] = FRAME.exec(line) ?? [];
    const routine = routines.find(({ first, last }) => Number(row) >= first && Number(row) <= last);
    if (row === undefined) lines.push(line);
    else if (routine === undefined) lines.push(`${lines.pop() ?? ''}${rest}`);
    else {
      const place = `line ${Number(row) - routine.first + 1}, column ${column} of the code of step ${routine.step}`;
      const isBody = name === '' || name.endsWith(`$code_${routine.step}`);
      lines.push(`    at ${isBody ? place : `${name} (${place})`}${rest}`);
    }
  }
  return lines.join('\n');
}

interface Routine {
  step: string;
  /** Lines of its body in the module, from 1. */
  first: number;
  last: number;
}

/** Finds the functions that `code` steps became, at the beginning of the module; see compile.rules.ts. */
function routinesIn(code: string): Routine[] {
  const lines = code.split('\n');
  const end = lines.findIndex((line) => line.startsWith('export const handler = $workflow('));
  const starts = lines.slice(0, end).flatMap((line, index) => {
    const step = ROUTINE.exec(line)?.[1];
    return step === undefined ? [] : [{ step, index }];
  });
  return starts.map(({ step, index }, n) => ({ step, first: index + 2, last: starts[n + 1]?.index ?? end }));
}
