import { notFound } from '../../../kernel/errors';
import { languageOf } from '../../code/artifact';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { TEMPLATES } from './template-list';
import type { ListTemplatesQuery, Template, TemplateSummary } from './template.schema';

/** Lists templates, simple ones first. They are part of Portico, so a cursor is an index of the list. */
export const listTemplates = verb(
  'endpoint.read',
  async (_ctx, { limit, cursor }: ListTemplatesQuery): Promise<Page<TemplateSummary>> => {
    const start = readCursor(cursor)?.at ?? 0;
    const placed = TEMPLATES.map((template, index) => ({ template, at: index + 1 })).slice(start, start + limit + 1);
    return toPage(
      placed,
      limit,
      ({ template, at }) => ({ at, id: template.id }),
      ({ template }) => toSummary(template),
    );
  },
);

/** Returns a template by its id. Throws 404. */
export function findTemplate(id: string): Template {
  const template = TEMPLATES.find((each) => each.id === id);
  if (!template) throw notFound('template');
  return template;
}

const toSummary = ({ handler, middleware = [], tables = [], ...template }: Template): TemplateSummary => ({
  id: template.id,
  title: template.title,
  description: template.description,
  language: languageOf(handler.path)!,
  source: handler.source,
  endpoint: template.endpoint,
  middleware: middleware.map((each) => each.handler.path),
  tables: tables.map(({ name }) => name),
  review: template.review,
});
