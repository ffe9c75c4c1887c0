import { pageOf } from '../../kernel/page';
import { listTemplates } from '../../core/publishing/templates/list-templates';
import {
  ListTemplatesQuery,
  TemplateSummary,
  UsedTemplate,
  UseTemplateInput,
} from '../../core/publishing/templates/template.schema';
import { useTemplate } from '../../core/publishing/templates/use-template';
import { IdParams, route } from '../wire/route';

const tag = 'Templates';

export const templateRoutes = [
  route({
    id: 'listTemplates',
    method: 'get',
    path: '/admin/templates',
    verb: listTemplates,
    tag,
    summary: 'List the templates of endpoints',
    query: ListTemplatesQuery,
    answers: { 200: pageOf(TemplateSummary) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'createEndpointFromTemplate',
    method: 'post',
    path: '/admin/templates/:id/endpoints',
    verb: useTemplate,
    tag,
    summary: 'Create an endpoint from a template',
    params: IdParams,
    body: UseTemplateInput,
    answers: { 201: UsedTemplate },
    args: ({ params, body }) => [params.id, body],
  }),
] as const;
