import type { ReactNode } from 'react';
import styles from './badge.module.css';
import tones from './tone.module.css';

export type BadgeTone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';
const SIGNS: Record<BadgeTone, string> = { neutral: '', good: '✓', warn: '!', bad: '×', info: '' };

/** A word for a state, with a sign and a color that say the same. */
export const Badge = ({ tone = 'neutral', children }: { tone?: BadgeTone; children: ReactNode }) => (
  <span className={`${styles.badge} ${tone === 'neutral' ? styles.neutral : tones[tone]}`}>
    {SIGNS[tone] !== '' && <span aria-hidden="true">{SIGNS[tone]}</span>}
    {children}
  </span>
);

/** How a state of an object is shown. */
export interface StateWord {
  word: string;
  tone: BadgeTone;
}

/** A state by its word, sign and color. */
export const StateBadge = ({ state: { word, tone } }: { state: StateWord }) => <Badge tone={tone}>{word}</Badge>;
