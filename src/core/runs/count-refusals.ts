import type { RunRecorder, SizedDraft } from './run-recorder';
import type { StoredRun } from './run-log';

/** Refusals of one endpoint, network and code in one window that are recorded one by one. */
const MAX_RECORDED = 20;
const WINDOW_MS = 10_000;
/** Windows in the memory of an isolate. The oldest ends early when there are more. */
const MAX_WINDOWS = 1000;

interface Window {
  since: number;
  refusals: number;
  /** The first refusal that is not recorded on its own, and how many there are. */
  counted: { draft: SizedDraft; calls: number } | null;
}

/** A window ends also when the clock is set back: it would be open until the clock is where it was. */
const isOpenAt = ({ since }: Window, now: number): boolean => now >= since && now - since < WINDOW_MS;

export interface RefusalRecorder {
  /**
   * Records a refusal, or counts it when `group` has too many: one record with their number follows. Asks for the draft of those that have a
   * record. Never throws.
   */
  record: (group: string, draft: () => SizedDraft, now: number, defer: Defer) => void;
}

/**
 * Returns a recorder of refused calls, which cost a caller nothing: the first 20 of a group in 10 s are recorded, the others become one
 * record with their number when the 10 s are over. An isolate that ends before that loses the number.
 */
export function createRefusalRecorder(
  recorder: RunRecorder,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): RefusalRecorder {
  const windows = new Map<string, Window>();

  const end = ({ counted }: Window, now: number, defer: Defer): void => {
    if (counted === null) return;
    const { draft, calls } = counted;
    recorder.record({ ...draft, make: () => withCalls(draft.make(), calls) }, now, defer);
  };
  const close = (group: string, window: Window, now: number, defer: Defer): void => {
    if (windows.get(group) !== window) return;
    windows.delete(group);
    end(window, now, defer);
  };
  /** Opens a window, and closes those that are over: their timers may have been canceled with a request. */
  const open = (group: string, now: number, defer: Defer): Window => {
    for (const [name, window] of windows) {
      if (windows.size < MAX_WINDOWS && isOpenAt(window, now)) break;
      close(name, window, now, defer);
    }
    const window = { since: now, refusals: 0, counted: null };
    windows.set(group, window);
    return window;
  };

  return {
    record: (group, draft, now, defer) => {
      const known = windows.get(group);
      const isOpen = known !== undefined && isOpenAt(known, now);
      if (known !== undefined && !isOpen) close(group, known, now, defer);
      const window = isOpen ? known : open(group, now, defer);
      window.refusals += 1;
      if (window.refusals <= MAX_RECORDED) return recorder.record(draft(), now, defer);
      if (window.counted !== null) return void (window.counted.calls += 1);
      window.counted = { draft: draft(), calls: 1 };
      const endsAt = window.since + WINDOW_MS;
      defer(sleep(endsAt - now).then(() => close(group, window, endsAt, defer)));
    },
  };
}

type Defer = Parameters<RunRecorder['record']>[2];

const withCalls = ({ entry, ...run }: StoredRun, calls: number): StoredRun => ({ ...run, entry: { ...entry, calls } });
