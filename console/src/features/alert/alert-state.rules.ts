import type { AlertState } from '../../../../src/core/publishing/endpoints/alert.schema';
import type { StateWord } from '../../kit/badge';

const STATES: Record<AlertState['state'], StateWord> = {
  off: { word: 'off', tone: 'neutral' },
  ok: { word: 'ok', tone: 'good' },
  firing: { word: 'firing', tone: 'bad' },
};

/** Returns the word for the state of an alert. One that has ended sends no more messages. */
export const stateOfAlert = ({ state, ended }: Pick<AlertState, 'state' | 'ended'>): StateWord =>
  ended ? { word: 'ended by its receiver', tone: 'warn' } : STATES[state];

export const isDelivered = (result: string): boolean => result === 'delivered';

const TYPES: Record<string, string> = { 'endpoint.failing': 'it fails', 'endpoint.recovered': 'it has recovered' };

/** Returns what a message says. */
export const wordOfMessage = (type: string): string => TYPES[type] ?? type;

/** Says when an alert fires. */
export const ruleText = ({ failures, minutes }: { failures: number; minutes: number }): string =>
  `More than ${failures} failed ${failures === 1 ? 'run' : 'runs'} in ${minutes} min`;
