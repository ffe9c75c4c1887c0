import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { follow } from '../../api/follow';
import { toQuery } from '../../api/path.rules';
import { toTailQuery, type RunFilter } from './run-filter.rules';
import { mergeRuns, newsText } from './run-list.rules';
import { runQueries, type RunSummary } from './run.queries';

/** Milliseconds between two announcements to screen readers. */
const NEWS_MS = 5000;

export interface Tail {
  /** The newest runs that came, newest first. */
  runs: readonly RunSummary[];
  /** Arrivals since the last announcement, for a live region. */
  news: string;
  /** Takes runs away, which are deleted. */
  drop: (ids: ReadonlySet<string>) => void;
  isEnded: boolean;
  /** Why the runs are not followed yet; null: they are, or will never be. */
  waitsFor: string | null;
  restart: () => void;
}

const NONE: readonly RunSummary[] = [];

/** Follows the runs that match, while `isOn` and the tab is visible. */
export function useTail(filter: RunFilter, isOn: boolean): Tail {
  const client = useQueryClient();
  const isVisible = useSyncExternalStore(subscribeVisible, () => document.visibilityState === 'visible');
  const address = `/admin/runs/tail${toQuery(toTailQuery(filter))}`;
  const [held, setHeld] = useState({ address, runs: NONE });
  const [isEnded, setEnded] = useState(false);
  const [waitsFor, setWaitsFor] = useState<string | null>(null);
  const [starts, setStarts] = useState(0);
  const { news, tell } = useNews();
  // Runs before the stream opened, and while the tab was hidden, are in the list alone.
  const readList = (): void => void client.invalidateQueries({ queryKey: runQueries.all });
  useEffect(() => {
    if (!isOn || !isVisible) return;
    return follow<RunSummary>(address, 'run', {
      onOpen: () => {
        setEnded(false);
        setWaitsFor(null);
        readList();
      },
      onItems: (came) => {
        tell(came);
        setHeld((now) => ({ address, runs: mergeRuns(came, now.address === address ? now.runs : NONE) }));
      },
      onWait: setWaitsFor,
      onEnd: () => {
        setEnded(true);
        setWaitsFor(null);
      },
    });
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [address, isOn, isVisible, starts]);
  const restart = (): void => {
    setEnded(false);
    setStarts(starts + 1);
    readList();
  };
  const drop = (ids: ReadonlySet<string>): void =>
    setHeld((now) => ({ ...now, runs: now.runs.filter(({ id }) => !ids.has(id)) }));
  return {
    runs: isOn && held.address === address ? held.runs : NONE,
    news,
    drop,
    isEnded: isOn && isEnded,
    waitsFor: isOn ? waitsFor : null,
    restart,
  };
}

/** Announces what came, at most every five seconds. */
function useNews(): { news: string; tell: (came: readonly RunSummary[]) => void } {
  const [news, setNews] = useState('');
  const waiting = useRef<RunSummary[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const say = (): void => {
    timer.current = undefined;
    if (waiting.current.length === 0) return;
    setNews(newsText(waiting.current.splice(0)));
    timer.current = setTimeout(say, NEWS_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    news,
    tell: (came) => {
      waiting.current.push(...came);
      if (timer.current === undefined) say();
    },
  };
}

const subscribeVisible = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};
