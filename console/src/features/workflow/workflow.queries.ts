import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/call';
import { readProblem, Unreachable } from '../../api/problem';
import { actionsOf, type WorkflowSchema } from './action-info.rules';

export const workflowQueries = {
  /** The actions, as this service knows them. */
  actions: queryOptions({
    queryKey: ['workflow', 'actions'],
    queryFn: async ({ signal }) => {
      const response = await fetch('/workflow.schema.json', { signal }).catch((error: unknown) => {
        throw new Unreachable(error);
      });
      if (!response.ok) throw await readProblem(response);
      return actionsOf((await response.json()) as WorkflowSchema);
    },
    staleTime: Infinity,
  }),
  /** The newest run of an endpoint, with its steps; null without one, or without the right to see it. */
  lastRun: (endpointId: string) =>
    queryOptions({
      queryKey: ['runs', 'newest', endpointId],
      queryFn: async ({ signal }) => {
        const { items } = await call('GET /admin/runs', { query: { endpointId, limit: 1 }, signal });
        const [newest] = items;
        return newest ? call('GET /admin/runs/:id', { params: { id: newest.id }, signal }) : null;
      },
    }),
};
