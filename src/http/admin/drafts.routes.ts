import * as z from 'zod';
import { Draft, DraftParams, DraftSummary, PutDraftInput } from '../../core/publishing/drafts/draft.schema';
import { deleteDraft, getDraft, listDrafts, putDraft } from '../../core/publishing/drafts/drafts';
import { route } from '../wire/route';

const tag = 'Drafts';

export const draftRoutes = [
  route({
    id: 'listDrafts',
    method: 'get',
    path: '/admin/drafts',
    verb: listDrafts,
    tag,
    summary: 'List your drafts, newest first',
    answers: { 200: z.object({ items: z.array(DraftSummary) }) },
    args: () => [],
  }),
  route({
    id: 'putDraft',
    method: 'put',
    path: '/admin/drafts/:kind/:id',
    verb: putDraft,
    tag,
    summary: 'Keep a text that is not saved yet',
    params: DraftParams,
    body: PutDraftInput,
    answers: { 200: DraftSummary },
    args: ({ params, body }) => [params, body],
  }),
  route({
    id: 'getDraft',
    method: 'get',
    path: '/admin/drafts/:kind/:id',
    verb: getDraft,
    tag,
    summary: 'Read one of your drafts',
    params: DraftParams,
    answers: { 200: Draft },
    args: ({ params }) => [params],
  }),
  route({
    id: 'deleteDraft',
    method: 'delete',
    path: '/admin/drafts/:kind/:id',
    verb: deleteDraft,
    tag,
    summary: 'Discard a draft',
    params: DraftParams,
    answers: { 204: null },
    args: ({ params }) => [params],
  }),
] as const;
