import * as z from 'zod';
import { listUsesOf } from '../../core/publishing/list-uses';
import { Uses, type ListedNoun } from '../../core/uses/use.schema';
import { IdParams, route } from '../wire/route';

const NameParams = z.strictObject({ name: z.string().min(1).max(64) });

/** `GET …/uses` of a noun with an id in its URL. */
const byId = <const N extends ListedNoun>(noun: N, tag: string) =>
  route({
    id: `list${noun.charAt(0).toUpperCase()}${noun.slice(1)}Uses`,
    method: 'get',
    path: `/admin/${noun}s/:id/uses` as const,
    verb: listUsesOf(noun),
    tag,
    summary: `List what uses a ${noun}`,
    params: IdParams,
    answers: { 200: Uses },
    args: ({ params }) => [params.id],
  });

/** `GET …/uses` of a noun with a name in its URL. */
const byName = <const N extends ListedNoun>(noun: N, tag: string) =>
  route({
    id: `list${noun.charAt(0).toUpperCase()}${noun.slice(1)}Uses`,
    method: 'get',
    path: `/admin/${noun}s/:name/uses` as const,
    verb: listUsesOf(noun),
    tag,
    summary: `List what uses a ${noun}`,
    params: NameParams,
    answers: { 200: Uses },
    args: ({ params }) => [params.name],
  });

export const useRoutes = [
  byId('handler', 'Handlers'),
  byId('key', 'Keys'),
  byId('table', 'Tables'),
  byName('secret', 'Secrets'),
  byId('user', 'Users'),
  byName('role', 'Roles'),
] as const;
