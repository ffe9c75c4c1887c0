import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

/** Milliseconds for which what was read counts as fresh: going back and forth asks nothing. */
const FRESH_MS = 10_000;
const MAX_RETRIES = 2;

/** A refusal is final; a failure of the service may be over soon. */
const mayRetry = (count: number, error: unknown): boolean =>
  count < MAX_RETRIES && !(error instanceof Problem && error.status < 500);

/** The memory of what the service said, for this tab. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: mayRetry, refetchOnWindowFocus: true },
    // A write is repeated by the user alone, with the key of their form.
    mutations: { retry: false },
  },
});
