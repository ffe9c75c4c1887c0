import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { TestProgress } from '../../../../src/core/gateway/test/test-endpoint.schema';
import { callStream, type Answer, type CallInput } from '../../api/call';
import { Unreachable } from '../../api/problem';

export type TestInput = CallInput<'POST /admin/endpoints/:id/test/stream'>['body'];
export type TestResult = Answer<'POST /admin/endpoints/:id/test'>;
/** Reports of a test while it runs. */
export type Reported = Required<TestProgress>;

const NOTHING: Reported = { logs: [], steps: [] };

/** Runs an endpoint once, as a test, and follows it. A test ends with the screen that started it. */
export function useTestRun(endpointId: string | null) {
  const client = useQueryClient();
  const [reported, setReported] = useState(NOTHING);
  const running = useRef<AbortController>(null);
  const test = useMutation({
    mutationFn: (body: TestInput) => {
      running.current = new AbortController();
      setReported(NOTHING);
      return follow(endpointId!, body, running.current.signal, ({ logs, steps }) =>
        setReported((now) => ({ logs: [...now.logs, ...logs], steps: steps ?? now.steps })),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['runs', 'page'] }),
  });
  useEffect(() => () => running.current?.abort(), []);
  const stop = (): void => {
    running.current?.abort();
    test.reset();
  };
  return { ...test, reported, stop };
}

async function follow(
  id: string,
  body: TestInput,
  signal: AbortSignal,
  onProgress: (progress: TestProgress) => void,
): Promise<TestResult> {
  let result: TestResult | undefined;
  await callStream('POST /admin/endpoints/:id/test/stream', { params: { id }, body, signal }, ({ event, data }) => {
    if (event === 'progress') onProgress(data as TestProgress);
    else if (event === 'result') result = data as TestResult;
  });
  if (result === undefined) throw new Unreachable('the stream ended before the test');
  return result;
}
