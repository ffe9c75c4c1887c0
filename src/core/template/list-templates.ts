import type { Context } from '../context';
import { notFound } from '../errors';
import { languageOf } from '../handler/handler.schema';
import { authorize } from '../user/can';
import { TEMPLATES } from './template-list';
import type { Template, TemplateSummary } from './template.schema';

/** Every template, simple ones first. They are part of Portico, so there is one page of them. */
export function listTemplates(ctx: Context): { items: TemplateSummary[]; nextCursor: null } {
  authorize(ctx, 'endpoint.read');
  return { items: TEMPLATES.map(toSummary), nextCursor: null };
}

/** A template by its id; 404 when there is none. */
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
