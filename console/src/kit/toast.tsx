import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from './button';
import styles from './toast.module.css';

interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad';
  /** Takes the act back. */
  undo?: () => void;
}

/** Milliseconds for which a toast is shown; one with an error stays until it is closed. */
const SHOWN_MS = 10_000;

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
const set = (now: readonly Toast[]): void => {
  toasts = now;
  listeners.forEach((listener) => listener());
};
const close = (id: number): void => set(toasts.filter((toast) => toast.id !== id));

function add(toast: Omit<Toast, 'id'>): void {
  const id = next++;
  set([...toasts.slice(-2), { ...toast, id }]);
  if (toast.tone === 'good') setTimeout(close, SHOWN_MS, id);
}

/** Says what was done, for ten seconds; `undo` takes it back. */
export const toastDone = (text: string, undo?: () => void): void => add({ text, tone: 'good', ...(undo && { undo }) });
/** Says what failed, until the user closes it. */
export const toastFailed = (error: unknown): void =>
  add({ text: error instanceof Error ? error.message : String(error), tone: 'bad' });

/** Takes the newest act back that can be taken back. Returns false when there is none. */
export function undoLast(): boolean {
  const toast = toasts.findLast(({ undo }) => undo !== undefined);
  if (toast === undefined) return false;
  close(toast.id);
  toast.undo?.();
  return true;
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Place of toasts; screen readers announce them. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={styles.region} role="status" aria-live="polite">
      {shown.map(({ id, text, tone, undo }) => (
        <div key={id} className={`${styles.toast} ${styles[tone]}`}>
          <span className={styles.text}>{text}</span>
          {undo && (
            <Button
              onPress={() => {
                close(id);
                undo();
              }}
            >
              Undo
            </Button>
          )}
          <Button tone="quiet" aria-label="Close this message" icon={<X />} onPress={() => close(id)} />
        </div>
      ))}
    </div>
  );
}
