import type { RunOutcome } from '../../core/runs/run.schema';

/** One letter per outcome, in stored text: never changed. */
export const OUTCOME_CODES: Readonly<Record<RunOutcome, string>> = {
  success: 's',
  responded_error: 'e',
  failed: 'f',
  failed_after_response: 'a',
  rejected: 'r',
  timeout: 't',
  interrupted: 'i',
  running: 'g',
};

const OUTCOMES = new Map(Object.entries(OUTCOME_CODES).map(([outcome, code]) => [code, outcome as RunOutcome]));

/** Returns the outcome of a stored letter. */
export const outcomeOf = (code: string): RunOutcome => OUTCOMES.get(code)!;
