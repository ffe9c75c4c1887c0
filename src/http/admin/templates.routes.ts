import { pageOf } from '../../kernel/page';
import { listTemplates } from '../../core/publishing/templates/list-templates';
import {
  ListTemplatesQuery,
  TemplateSummary,
  UsedTemplate,
  UseTemplateInput,
} from '../../core/publishing/templates/template.schema';
import { useTemplate } from '../../core/publishing/templates/use-template';
import { IdParams, route, type Route } from '../wire/route';

const tag = 'Templates';

export const templateRoutes: Route[] = [
  route({
    id: 'listTemplates',
    method: 'get',
    path: '/admin/templates',
    policy: 'endpoint.read',
    tag,
    summary: 'List the templates of endpoints',
    query: ListTemplatesQuery,
    answers: { 200: pageOf(TemplateSummary) },
    run: async (ctx, { query }) => ({ body: listTemplates(ctx, query) }),
  }),
  route({
    id: 'createEndpointFromTemplate',
    method: 'post',
    path: '/admin/templates/:id/endpoints',
    policy: 'endpoint.write',
    tag,
    summary: 'Make an endpoint from a template',
    params: IdParams,
    body: UseTemplateInput,
    answers: { 201: UsedTemplate },
    run: async (ctx, { params, body }) => ({ status: 201, body: await useTemplate(ctx, params.id, body) }),
  }),
];
