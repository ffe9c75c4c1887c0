import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import styles from './shell.module.css';

/** Says that the browser is offline: what was read stays, and what is written waits. */
export function OfflineBar() {
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  return (
    <div role="status">
      {!isOnline && <p className={styles.offline}>You are offline. What you see may be old; saving waits.</p>}
    </div>
  );
}
