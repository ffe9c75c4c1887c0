import * as z from 'zod';
import { listUsesOf } from '../../core/publishing/list-uses';
import { Uses, type ListedNoun } from '../../core/uses/use.schema';
import { IdParams, route, type Route } from '../wire/route';

const NameParams = z.strictObject({ name: z.string().min(1).max(64) });

/** `GET …/uses` of a noun with an id in its URL. */
const byId = (noun: ListedNoun, tag: string): Route =>
  route({
    id: `list${noun.charAt(0).toUpperCase()}${noun.slice(1)}Uses`,
    method: 'get',
    path: `/admin/${noun}s/:id/uses`,
    verb: listUsesOf(noun),
    tag,
    summary: `List what uses a ${noun}`,
    params: IdParams,
    answers: { 200: Uses },
    args: ({ params }) => [params.id],
  });

/** `GET …/uses` of a noun with a name in its URL. */
const byName = (noun: ListedNoun, tag: string): Route =>
  route({
    id: `list${noun.charAt(0).toUpperCase()}${noun.slice(1)}Uses`,
    method: 'get',
    path: `/admin/${noun}s/:name/uses`,
    verb: listUsesOf(noun),
    tag,
    summary: `List what uses a ${noun}`,
    params: NameParams,
    answers: { 200: Uses },
    args: ({ params }) => [params.name],
  });

export const useRoutes: Route[] = [
  byId('handler', 'Handlers'),
  byId('key', 'Keys'),
  byId('table', 'Tables'),
  byName('secret', 'Secrets'),
  byId('user', 'Users'),
  byName('role', 'Roles'),
];
