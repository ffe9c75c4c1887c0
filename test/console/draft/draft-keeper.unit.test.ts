import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DraftKeeper } from '../../../console/src/draft/draft-keeper.ts';
import { startOf, type LocalDraft, type RemoteDraft } from '../../../console/src/draft/draft.rules.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Opens a keeper over stores in memory. Each write to the service, and each removal, waits until it is let through. */
function open() {
  const kept: { local: LocalDraft | null; remote: RemoteDraft | null } = { local: null, remote: null };
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const keeper = new DraftKeeper(startOf({ text: 'saved', version: 1 }, null, null), {
    local: {
      put: async (draft) => void (kept.local = draft),
      remove: async () => void (kept.local = null),
    },
    remote: {
      put: async ({ text, baseVersion, follows }) => {
        await turn();
        if ((kept.remote?.revision ?? 0) !== follows) return null;
        kept.remote = { text, baseVersion, revision: follows + 1, updatedAt: '' };
        return follows + 1;
      },
      get: async () => kept.remote,
      remove: async () => {
        await turn();
        kept.remote = null;
      },
    },
  });
  const letThrough = async (): Promise<void> => {
    waiting.shift()!();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { keeper, kept, waiting, letThrough };
}

test('a text is kept here at once, and in the service when the keys rest', async () => {
  const { keeper, kept, letThrough } = open();
  keeper.write('a');
  keeper.write('ab');
  await vi.advanceTimersByTimeAsync(200);
  expect([kept.local?.text, keeper.getState().kept]).toEqual(['ab', 'machine']);
  await vi.advanceTimersByTimeAsync(2000);
  await letThrough();
  expect([kept.remote?.text, keeper.getState().kept, kept.local?.isSent]).toEqual(['ab', 'service', true]);
});

test('what is written while a saved draft is forgotten is neither removed with it nor sent before that', async () => {
  const { keeper, kept, waiting, letThrough } = open();
  keeper.write('a');
  await vi.advanceTimersByTimeAsync(2000);
  const forgotten = keeper.forget('a', 2);
  keeper.write('ab');
  await vi.advanceTimersByTimeAsync(200);
  expect(kept.local?.text).toBe('ab');
  await letThrough();
  expect(kept).toMatchObject({ local: { text: 'ab' }, remote: { text: 'a' } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(waiting).toHaveLength(1);
  await letThrough();
  await forgotten;
  expect(kept.remote).toBe(null);
  await letThrough();
  expect(kept).toMatchObject({ local: { text: 'ab', isSent: true }, remote: { text: 'ab', baseVersion: 2 } });
});
