import type { RunOutcome } from '../../../../src/core/runs/run.schema';
import type { StateWord } from '../../kit/badge';

/** The word and the tone of each outcome. */
export const OUTCOMES: Readonly<Record<RunOutcome, StateWord>> = {
  success: { word: 'success', tone: 'good' },
  responded_error: { word: 'responded with an error', tone: 'warn' },
  failed: { word: 'failed', tone: 'bad' },
  failed_after_response: { word: 'failed after the response', tone: 'bad' },
  rejected: { word: 'refused', tone: 'warn' },
  timeout: { word: 'timed out', tone: 'bad' },
  interrupted: { word: 'interrupted', tone: 'bad' },
  running: { word: 'running', tone: 'info' },
};

export const ALL_OUTCOMES = Object.keys(OUTCOMES) as RunOutcome[];
const withTone = (tone: StateWord['tone']): RunOutcome[] =>
  ALL_OUTCOMES.filter((outcome) => OUTCOMES[outcome].tone === tone);
/** Outcomes of calls that the handler or the service did not finish. */
export const FAILED = withTone('bad');
/** Outcomes of calls that got an error as intended. */
export const REFUSED = withTone('warn');
