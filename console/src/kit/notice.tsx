import type { ReactNode } from 'react';
import styles from './notice.module.css';
import tones from './tone.module.css';

/** A remark that concerns the whole screen or form. An error is said at once. */
export const Notice = ({ tone, children }: { tone: 'info' | 'warn' | 'bad' | 'good'; children: ReactNode }) => (
  <div className={`${styles.notice} ${tones[tone]}`} role={tone === 'bad' ? 'alert' : undefined}>
    {children}
  </div>
);
