import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { call, type CallInput } from '../api/call';
import { Problem } from '../api/problem';
import { useSession } from '../api/session';
import { DraftKeeper, type DraftPorts } from './draft-keeper';
import type { LocalDraft, RemoteDraft } from './draft.rules';
import { localDrafts } from './local-drafts';

export type DraftParams = CallInput<'GET /admin/drafts/:kind/:id'>['params'];

const keyOf = (userId: string, { kind, id }: DraftParams): string => `${userId} ${kind} ${id}`;

/** Reads a draft of the service; null without one. The list is asked first: browsers log a 404 as an error. */
async function readRemote(params: DraftParams, signal?: AbortSignal): Promise<RemoteDraft | null> {
  const { items } = await call('GET /admin/drafts', signal && { signal });
  if (!items.some(({ kind, id }) => kind === params.kind && id === params.id)) return null;
  try {
    return await call('GET /admin/drafts/:kind/:id', { params, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

interface Found {
  local: LocalDraft | null;
  remote: RemoteDraft | null;
}

let opened = 0;

/** Reads what this machine and the service keep of an object. Without a connection, what this machine keeps. */
export function useKeptDraft(params: DraftParams) {
  const { user } = useSession();
  // Each opening reads for itself: another tab may have kept a text since the last one, even a moment ago.
  const [opening] = useState(() => (opened += 1));
  return useQuery({
    queryKey: ['drafts', user.id, params.kind, params.id, opening],
    queryFn: async ({ signal }): Promise<Found> => {
      const [local, remote] = await Promise.all([
        localDrafts.get(keyOf(user.id, params)).catch(() => null),
        readRemote(params, signal).catch(() => null),
      ]);
      return { local, remote };
    },
    // Read when an editor opens, and never while it is open.
    staleTime: Infinity,
    gcTime: 0,
    networkMode: 'always',
  });
}

function portsOf(userId: string, params: DraftParams): DraftPorts {
  const key = keyOf(userId, params);
  return {
    local: { put: (draft) => localDrafts.put(key, draft), remove: () => localDrafts.remove(key) },
    remote: {
      put: async (body) => {
        try {
          return (await call('PUT /admin/drafts/:kind/:id', { params, body, isSilent: true })).revision;
        } catch (error) {
          if (error instanceof Problem && error.code === 'stale_revision') return null;
          throw error;
        }
      },
      get: () => readRemote(params),
      remove: () => call('DELETE /admin/drafts/:kind/:id', { params, isSilent: true }),
    },
  };
}

/** Opens the keeper of a draft, for as long as its editor is open. `start` is read once. */
export function useDraft(params: DraftParams, start: ConstructorParameters<typeof DraftKeeper>[0]) {
  const { user } = useSession();
  const [keeper] = useState(() => new DraftKeeper(start, portsOf(user.id, params)));
  const state = useSyncExternalStore(keeper.subscribe, keeper.getState);
  useEffect(() => {
    const onHide = (): void => keeper.flush();
    const onLeave = (event: BeforeUnloadEvent): void => {
      keeper.flush();
      // Only what would be lost asks.
      if (keeper.getState().kept === 'full') event.preventDefault();
    };
    addEventListener('visibilitychange', onHide);
    addEventListener('pagehide', onHide);
    addEventListener('beforeunload', onLeave);
    return () => {
      removeEventListener('visibilitychange', onHide);
      removeEventListener('pagehide', onHide);
      removeEventListener('beforeunload', onLeave);
      keeper.close();
    };
  }, [keeper]);
  return { keeper, ...state };
}
