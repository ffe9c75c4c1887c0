import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, type Answer, type CallInput } from '../../api/call';

export type TestInput = CallInput<'POST /admin/endpoints/:id/test'>['body'];
export type TestResult = Answer<'POST /admin/endpoints/:id/test'>;

/** Runs an endpoint once, as a test. */
export function useTestRun(endpointId: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TestInput) => call('POST /admin/endpoints/:id/test', { params: { id: endpointId! }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs', 'page'] }),
  });
}
