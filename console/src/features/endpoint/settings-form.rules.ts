import { fromLines, toLines } from '../../kit/text-values.rules';
import type { Endpoint } from './endpoint.queries';
import { fromToolValues, toToolValues } from './tool-form.rules';

/** The settings of an endpoint as a form edits them: lists have one item a line. */
export const toSettings = ({ path, title, description, folder, methods, executor, instance, ...more }: Endpoint) => ({
  path,
  title,
  description,
  folder,
  methods,
  executor,
  instance,
  secrets: more.secrets,
  egress: toLines(more.egress),
  log: more.log,
  hasSubpaths: more.subpaths,
  isStrict: more.strict,
  origins: toLines(more.cors.origins),
  types: toLines(more.response.types),
  headers: toLines(more.response.headers),
  redirects: toLines(more.response.redirects),
  docs: more.docs,
  ...toToolValues(more.tool),
});
export type Settings = ReturnType<typeof toSettings>;

export const SETTING_LABELS: Record<keyof Settings, string> = {
  path: 'Path',
  title: 'Title',
  description: 'Description',
  folder: 'Folder',
  methods: 'Methods',
  executor: 'Executor',
  instance: 'Instance',
  secrets: 'Secrets',
  egress: 'Hosts that its code may call',
  log: 'What a run keeps',
  hasSubpaths: 'Paths below it',
  isStrict: 'Undeclared fields',
  origins: 'Origins of pages that may read the responses',
  types: 'Types',
  headers: 'Headers',
  redirects: 'Hosts of redirects',
  docs: 'In the description of the API',
  isTool: 'Tool of agents',
  toolName: 'Name of the tool',
  toolDescription: 'Description of the tool',
  readOnly: 'Only reads',
  destructive: 'May destroy what exists',
  idempotent: 'Repeats change nothing more',
  openWorld: 'Deals with other systems',
};

/** Returns the part of an endpoint that the settings stand for. */
export const fromSettings = (values: Settings) => {
  const { egress, hasSubpaths, isStrict, origins, types, headers, redirects, ...others } = values;
  const { isTool, toolName, toolDescription, readOnly, destructive, idempotent, openWorld, ...same } = others;
  return {
    ...same,
    egress: fromLines(egress),
    subpaths: hasSubpaths,
    strict: isStrict,
    cors: { origins: fromLines(origins) },
    response: {
      types: fromLines(types),
      headers: fromLines(headers),
      redirects: fromLines(redirects),
    },
    tool: fromToolValues({ isTool, toolName, toolDescription, readOnly, destructive, idempotent, openWorld }),
  };
};
