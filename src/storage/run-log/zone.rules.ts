import type { RunEntry, RunFilter } from '../../core/runs/run-log';
import { hash32 } from '../../kernel/hash.rules';
import { OUTCOME_CODES } from './outcome-codes.rules';

/*
 * The zone of a batch: tokens of the values in its records, as one text with a space around each. A list reads only batches whose zones
 * have the tokens of its filter. Ids and names are hashed, to keep a zone short; two with the same hash cost a look into a batch.
 */

const token = (kind: string, value: string): string => kind + hash32(value).toString(36);
/** Endpoint and outcome together: each alone is in nearly every batch of a busy service. */
const endpointToken = (endpointId: string, code: string): string => `${token('e', endpointId)}.${code}`;

/** Returns the zone of a batch. */
export function toZone(entries: readonly RunEntry[]): string {
  const tokens = new Set<string>();
  for (const entry of entries) {
    const code = OUTCOME_CODES[entry.outcome];
    tokens.add(`o${code}`);
    tokens.add(`k${entry.kind}`);
    tokens.add(endpointToken(entry.endpointId, code));
    if (entry.status !== null) tokens.add(`s${entry.status}`);
    if (entry.callerId !== null) tokens.add(token('c', entry.callerId));
    if (entry.errorCode !== null) tokens.add(`x${entry.errorCode}`);
    if (entry.failedStep !== null) tokens.add(token('t', entry.failedStep));
  }
  return ` ${[...tokens].join(' ')} `;
}

/** Returns the groups of tokens for a filter: a zone must have one of each group. */
export function zoneGroups(filter: RunFilter): string[][] {
  const { kind, outcomes, status, endpointId, callerId, errorCode, failedStep } = filter;
  const codes = outcomes?.map((outcome) => OUTCOME_CODES[outcome]);
  const groups: (string[] | undefined)[] = [
    codes?.map((code) => `o${code}`),
    kind && [`k${kind}`],
    status === undefined ? undefined : [`s${status}`],
    errorCode === undefined ? undefined : [`x${errorCode}`],
    failedStep === undefined ? undefined : [token('t', failedStep)],
    callerId === undefined ? undefined : [token('c', callerId)],
    endpointId === undefined ? undefined : codes?.map((code) => endpointToken(endpointId, code)),
  ];
  const whole = groups.filter((group) => group !== undefined).map((group) => group.map((each) => ` ${each} `));
  // The beginning of a token, whatever the outcome.
  return endpointId === undefined || codes !== undefined ? whole : [...whole, [` ${endpointToken(endpointId, '')}`]];
}
