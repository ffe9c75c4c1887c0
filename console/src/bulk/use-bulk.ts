import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { toastDone, toastFailed } from '../kit/toast';
import type { Bulk, BulkVerb } from './bulk';
import { counted, partsOf, undoParts, type Changed, type Part } from './bulk.rules';

interface Result<Change> {
  refused: Changed<Change>[];
  error: Error | null;
}

/**
 * Changes many objects, a request after the other, until the screen or dialog goes away. What was refused is left, the others go on; the
 * toast takes back what was done.
 */
export function useBulk<Change, Filter>({ words, stale, send }: Bulk<Change, Filter>) {
  const client = useQueryClient();
  const isStopped = useRef(false);
  const [progress, setProgress] = useState<number | null>(null);
  useEffect(() => {
    isStopped.current = false;
    return () => void (isStopped.current = true);
  }, []);

  const undo = async (changed: readonly Changed<Change>[]): Promise<void> => {
    const { refused, error } = await run(undoParts(changed), () => false);
    if (error ?? refused.length > 0) toastFailed(error ?? new Error(refusalText(refused, words)));
    else toastDone('Undone.');
  };

  const run = async (parts: readonly Part<Change>[], isOver: () => boolean, done?: string): Promise<Result<Change>> => {
    const changed: Changed<Change>[] = [];
    let error: Error | null = null;
    try {
      for (const part of parts) {
        if (isOver()) break;
        setProgress(changed.length);
        changed.push(...(await send(part)).items);
      }
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    setProgress(null);
    const made = changed.filter((one) => one.done);
    if (done !== undefined && made.length > 0)
      toastDone(
        `${done} ${counted(made.length, words)}.`,
        undoParts(made).length > 0 ? () => void undo(made) : undefined,
      );
    await client.invalidateQueries({ queryKey: stale });
    return { refused: changed.filter((one) => !one.done), error };
  };

  return {
    /** Number of those that were asked for; null while nothing goes on. */
    progress,
    carryOut: (ids: readonly string[], { done }: BulkVerb<Change>, change: Change): Promise<Result<Change>> =>
      run(partsOf(ids, change), () => isStopped.current, done),
  };
}

/** Says how many were refused, and why the first one was. */
export const refusalText = (refused: readonly Changed<unknown>[], words: Bulk<unknown, unknown>['words']): string =>
  `${counted(refused.length, words)} did not change: ${refused[0]!.message}`;
