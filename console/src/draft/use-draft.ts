import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { call, type CallInput } from '../api/call';
import { Problem } from '../api/problem';
import { queryClient } from '../api/query-client';
import { sessionQuery, useSession } from '../api/session';
import { DraftKeeper, type DraftPorts } from './draft-keeper';
import type { LocalDraft, RemoteDraft } from './draft.rules';
import { localDrafts } from './local-drafts';

/** Milliseconds for which a draft that was read is kept for an editor whose script is being loaded. */
const PREPARED_MS = 30_000;

export type DraftParams = CallInput<'GET /admin/drafts/:kind/:id'>['params'];

const keyOf = (userId: string, { kind, id }: DraftParams): string => `${userId} ${kind} ${id}`;

/** Reads a draft of the service; null without one. */
async function readRemote(params: DraftParams, signal?: AbortSignal): Promise<RemoteDraft | null> {
  try {
    return await call('GET /admin/drafts/:kind/:id', { params, mayBeMissing: true, ...(signal && { signal }) });
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

/** Each opening of an editor reads for itself: another tab may have kept a text since the last one, even a moment ago. */
const draftQuery = (userId: string, params: DraftParams, opening: number) =>
  queryOptions({
    queryKey: ['drafts', userId, params.kind, params.id, opening],
    queryFn: async ({ signal }): Promise<Found> => {
      const [local, remote] = await Promise.all([
        localDrafts.get(keyOf(userId, params)).catch(() => null),
        readRemote(params, signal).catch(() => null),
      ]);
      return { local, remote };
    },
    gcTime: PREPARED_MS,
    networkMode: 'always',
  });

/** Begins to read what the next editor of an object opens with. */
export function prepareDraft(params: DraftParams): void {
  const userId = queryClient.getQueryData(sessionQuery.queryKey)?.user.id;
  if (userId !== undefined) void queryClient.prefetchQuery({ ...draftQuery(userId, params, opened + 1), staleTime: 0 });
}

/** Reads what this machine and the service keep of an object. Without a connection, what this machine keeps. */
export function useKeptDraft(params: DraftParams) {
  const { user } = useSession();
  const [opening] = useState(() => (opened += 1));
  // Read when an editor opens, and never while it is open.
  return useQuery({ ...draftQuery(user.id, params, opening), staleTime: Infinity });
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
