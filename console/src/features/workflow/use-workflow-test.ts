import { useState } from 'react';
import type { Endpoint } from '../endpoint/endpoint.queries';
import type { HandlerDraft } from '../handler/use-handler-draft';
import { toValues } from '../handler/test-values.rules';
import { useTestRun } from '../handler/use-test-run';

/** Test runs of the workflow on the screen: up to a step, with results that stand in for steps. */
export function useWorkflowTest(endpoint: Endpoint | undefined, draft: HandlerDraft) {
  const [fields, setFields] = useState<Record<string, string>>({});
  const [mocks, setMocks] = useState<Record<string, unknown>>({});
  const test = useTestRun(endpoint?.id ?? null);
  const start = (until?: string): void => {
    if (endpoint === undefined || test.isPending) return;
    test.mutate({
      parameters: toValues(endpoint.parameters, fields),
      skipAccess: true,
      ...(until !== undefined && { until }),
      ...(Object.keys(mocks).length > 0 && { mocks: mocks as Record<string, never> }),
      ...(draft.isChanged ? { source: draft.text } : { version: draft.saved.version }),
    });
  };
  /** Undefined takes the mock away. */
  const mock = (id: string, value: unknown): void =>
    setMocks((now) => {
      const { [id]: _before, ...others } = now;
      return value === undefined ? others : { ...others, [id]: value };
    });
  return {
    isReady: endpoint !== undefined,
    isPending: test.isPending,
    error: test.error,
    result: test.data ?? null,
    run: test.data?.run ?? null,
    reported: test.reported,
    stop: test.stop,
    fields,
    setField: (name: string, text: string) => setFields((now) => ({ ...now, [name]: text })),
    mocks,
    mock,
    start,
  };
}

export type WorkflowTest = ReturnType<typeof useWorkflowTest>;
