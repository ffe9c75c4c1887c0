import { PutRunViewsInput, RunViews } from '../../core/identity/views/run-view.schema';
import { getRunViews, putRunViews } from '../../core/identity/views/run-views';
import { route } from '../wire/route';

const tag = 'Pinned views';

export const runViewRoutes = [
  route({
    id: 'getRunViews',
    method: 'get',
    path: '/admin/run-views',
    verb: getRunViews,
    tag,
    summary: 'Read your pinned views of the run history',
    answers: { 200: RunViews },
    args: () => [],
  }),
  route({
    id: 'putRunViews',
    method: 'put',
    path: '/admin/run-views',
    verb: putRunViews,
    tag,
    summary: 'Pin, rename, sort or remove views of the run history',
    body: PutRunViewsInput,
    answers: { 200: RunViews },
    args: ({ body }) => [body],
  }),
] as const;
