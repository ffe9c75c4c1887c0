import { createLogger } from '../../../kernel/logger';
import type { Context } from '../../access/context';
import { createEndpoint } from '../endpoints/create-endpoint';
import { CreateEndpointInput, type SavedEndpoint } from '../endpoints/endpoint.schema';
import { assertRoutesFree } from '../endpoints/path-taken';
import { ApiError } from '../../../kernel/errors';
import { createHandler } from '../handlers/create-handler';
import { deleteHandler } from '../handlers/delete-handler';
import { CreateHandlerInput, type SavedHandler } from '../handlers/handler.schema';
import { randomText } from '../../../kernel/ids';
import { createTable } from '../../tables/catalogue/create-table';
import { deleteTable } from '../../tables/catalogue/delete-table';
import { CreateTableInput, type Table } from '../../tables/catalogue/table.schema';
import { verb } from '../../access/verb';
import { findTemplate } from './list-templates';
import { REVIEW_ACCESS, type Template, type UsedTemplate, type UseTemplateInput } from './template.schema';

/** Maximum number of names tried for a handler: another template may have been used under the same path. */
const TRIES = 20;

/**
 * Creates an endpoint from a template: its handler and middleware are copied under the endpoint's own path, nothing is shared. Creates
 * missing tables; `review` names missing secrets. Throws 409 `path_taken`, after the removal of everything made until then.
 */
export const useTemplate = verb(
  'endpoint.write',
  async (ctx, id: string, input: UseTemplateInput): Promise<UsedTemplate> => {
    const template = findTemplate(id);
    const path = input.path ?? randomText(12);
    await assertRoutesFree(ctx, { id: '', path, methods: template.endpoint.methods });
    const missing = await missingSecrets(ctx, template);
    const made: SavedHandler[] = [];
    const tables: MadeTables = { made: [], review: [] };
    const parts: Context = { ...ctx, firstAnswer: null };
    try {
      await makeTables(parts, template, tables);
      const middleware = [];
      for (const attached of template.middleware ?? []) {
        const handler = await copyHandler(parts, path, attached.handler);
        made.push(handler);
        middleware.push({ handler: handler.path, with: attached.with });
      }
      const handler = await copyHandler(parts, path, template.handler);
      made.push(handler);
      const access = input.access ?? template.endpoint.access;
      const toUsed = (endpoint: SavedEndpoint): UsedTemplate => ({
        endpoint,
        handlers: made.map((each) => ({ id: each.id, path: each.path })),
        tables: tables.made.map(({ name }) => name),
        review: [
          ...missing.map((name) => `The secret ${name} does not exist yet: store it with PUT /admin/secrets/${name}.`),
          ...tables.review,
          ...template.review.filter((point) => input.access === undefined || point !== REVIEW_ACCESS),
        ],
      });
      // The idempotent response is stored with the endpoint, the last resource made.
      const firstAnswer = ctx.firstAnswer && ((saved: unknown) => ctx.firstAnswer!(toUsed(saved as SavedEndpoint)));
      const endpoint = await createEndpoint(
        { ...ctx, firstAnswer },
        CreateEndpointInput.parse({
          ...template.endpoint,
          path,
          title: input.title ?? template.title,
          description: template.description,
          ...(input.folder === undefined ? {} : { folder: input.folder }),
          active: input.active,
          handler: { path: handler.path },
          access: { ...access, middleware: [...middleware, ...(input.access?.middleware ?? [])] },
        }),
        undefined,
        missing,
      );
      return toUsed(endpoint);
    } catch (error) {
      // Everything made is removed; the first failure is thrown, a second one is logged.
      for (const handler of made)
        await deleteHandler(ctx, handler.id, false, null).catch(reportLeftOver(ctx, handler.path));
      for (const table of tables.made)
        await deleteTable(ctx, table.id, false, null).catch(reportLeftOver(ctx, table.name));
      throw error;
    }
  },
);

const log = createLogger('templates');

const reportLeftOver =
  (ctx: Context, name: string) =>
  (error: unknown): void =>
    log.for(ctx).warn('a part of a template could not be removed', { event: 'template.cleanup_failed', name, error });

/** Saves a handler as `<endpoint>/<file>`, with a number added where that is taken. */
async function copyHandler(
  ctx: Context,
  endpointPath: string,
  { path, source }: Template['handler'],
): Promise<SavedHandler> {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const dot = file.indexOf('.');
  for (let n = 1; ; n++) {
    const name = n === 1 ? file : `${file.slice(0, dot)}-${n}${file.slice(dot)}`;
    try {
      return await createHandler(
        ctx,
        CreateHandlerInput.parse({
          path: `${endpointPath.replaceAll(':', '')}/${name}`,
          source,
          note: 'from a template',
        }),
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'path_taken' || n === TRIES) throw error;
    }
  }
}

async function missingSecrets(ctx: Context, { endpoint: { secrets = [] } }: Template): Promise<string[]> {
  const known = await ctx.store.secrets.known(secrets);
  return secrets.filter((name) => !known.has(name));
}

interface MadeTables {
  made: Table[];
  review: string[];
}

/** Creates missing tables, and adds them to `result`. Existing tables stay unchanged. */
async function makeTables(ctx: Context, { tables = [], title }: Template, result: MadeTables): Promise<void> {
  const { made, review } = result;
  for (const { name, columns } of tables) {
    const needs = columns.map((column) => `${column.name} (${column.type})`).join(', ');
    const table = await makeTable(
      ctx,
      CreateTableInput.parse({ name, columns, description: `For the template "${title}"` }),
    );
    if (table === null) {
      review.push(`The table ${name} already existed: check that it is the right one, and has the columns ${needs}.`);
      continue;
    }
    made.push(table);
    review.push(
      `The table ${name} was created with the columns ${needs}; in handlers, only executors who are developers may use it.`,
    );
  }
}

/** Creates the table, or returns null when its name is taken, perhaps by a concurrent request. */
async function makeTable(ctx: Context, input: CreateTableInput): Promise<Table | null> {
  try {
    return await createTable(ctx, input);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'name_taken') return null;
    throw error;
  }
}
