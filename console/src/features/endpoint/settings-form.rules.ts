import { fromLines, toLines } from '../../kit/text-values.rules';
import type { Endpoint } from './endpoint.queries';

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
  isTool: more.tool !== false,
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
};

/** Returns the part of an endpoint that the settings stand for. What describes a tool stays while it is one. */
export const fromSettings = (values: Settings, { tool }: Pick<Endpoint, 'tool'>) => {
  const { egress, hasSubpaths, isStrict, origins, types, headers, redirects, isTool, ...same } = values;
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
    tool: isTool ? tool || true : false,
  };
};
