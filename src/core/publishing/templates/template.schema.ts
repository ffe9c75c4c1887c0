import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';
import { Access, ENDPOINT_FIELDS, EndpointPath, SavedEndpoint } from '../endpoints/endpoint.schema';

/** A handler in a template: the endpoint's own, or a middleware that it attaches. */
const TemplateHandler = z.strictObject({
  /** Path at which it is saved, unless taken; the extension gives the language. */
  path: z.string(),
  source: z.string(),
});

const Parameter = z.strictObject({
  name: z.string(),
  type: z.enum(['text', 'longtext', 'email', 'integer', 'number', 'boolean', 'object', 'json']),
  in: z.enum(['body', 'query', 'path', 'header']).optional(),
  required: z.boolean().optional(),
  default: z.json().optional(),
  /** Test values for test runs: enough for the template to respond. */
  test: z.json(),
  description: z.string().optional(),
});

/** A built-in starting point, as data. Everything is copied on use, with new ids; endpoints share nothing of it. */
export const Template = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  description: z.string(),
  handler: TemplateHandler,
  /** Settings of the endpoint, as in a creation; omitted ones have the endpoint's defaults. */
  endpoint: z.strictObject({
    methods: z.array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])).min(1),
    access: z.strictObject({ level: z.enum(['public', 'authenticated']) }),
    instance: z.enum(['pooled', 'shared']).optional(),
    parameters: z.array(Parameter).optional(),
    secrets: z.array(z.string()).optional(),
    egress: z.array(z.string()).optional(),
    log: z.enum(['full', 'audited']).optional(),
  }),
  /** Middleware to save, and to attach in this order with these values. */
  middleware: z.array(z.strictObject({ handler: TemplateHandler, with: z.record(z.string(), z.json()) })).optional(),
  /** Tables that it needs; created when missing. */
  tables: z
    .array(
      z.strictObject({
        name: z.string(),
        columns: z.array(z.strictObject({ name: z.string(), type: z.enum(['text', 'number', 'boolean', 'json']) })),
      }),
    )
    .optional(),
  /** Points to review before others call the endpoint. */
  review: z.array(z.string()).min(1),
});
export type Template = z.infer<typeof Template>;

export const ListTemplatesQuery = PageQuery;
export type ListTemplatesQuery = z.infer<typeof ListTemplatesQuery>;

/** A template as the API lists it. */
export const TemplateSummary = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  language: z.string(),
  source: z.string().meta({ description: 'Language of the handler' }),
  endpoint: Template.shape.endpoint,
  middleware: z.array(z.string()).meta({ description: 'File names of the middleware that come with it' }),
  tables: z.array(z.string()),
  review: z.array(z.string()),
});
export type TemplateSummary = z.infer<typeof TemplateSummary>;

/** Settings that a user of the template chooses; all others come from the template, and can be changed afterwards. */
export const UseTemplateInput = z.strictObject({
  path: EndpointPath.optional().meta({ description: 'Generated when omitted' }),
  title: ENDPOINT_FIELDS.title.unwrap().optional(),
  folder: ENDPOINT_FIELDS.folder.unwrap().optional(),
  access: Access.optional().meta({
    description: "Default: the template's own. Its middleware is attached in any case",
  }),
  active: z.boolean().default(true),
});
export type UseTemplateInput = z.infer<typeof UseTemplateInput>;

/** The point to review where the template has chosen who may call. */
export const REVIEW_ACCESS = 'Review who may call it: any signed-in user, by default.';

/** The resources made from a template, and the points to review before others call it. */
export const UsedTemplate = z.object({
  endpoint: SavedEndpoint,
  handlers: z.array(z.object({ id: z.string(), path: z.string() })),
  tables: z.array(z.string()).meta({ description: 'Names of the tables that were created' }),
  review: z.array(z.string()),
});
export type UsedTemplate = z.infer<typeof UsedTemplate>;

/** Renders a workflow or middleware as the text of its file. */
export const workflowSource = (
  steps: object[],
  head: { kind?: 'workflow' | 'middleware'; description?: string; parameters?: object[] } = {},
): string => `${JSON.stringify({ kind: 'workflow', ...head, steps }, null, 2)}\n`;
