import type { Handler } from './handler.queries';

/** Starting points of a new handler. */
export const START_KINDS = ['typescript', 'javascript', 'python', 'workflow', 'middleware', 'file'] as const;
export type StartKind = (typeof START_KINDS)[number];

export interface Start {
  kind: StartKind;
  label: string;
  hint: string;
  ending: string;
  source: string;
}

const workflow = (kind: 'workflow' | 'middleware', steps: object[]): string =>
  `${JSON.stringify({ kind, steps }, null, 2)}\n`;

/** Starting points: each can be published as it is. */
export const STARTS: readonly Start[] = [
  {
    kind: 'typescript',
    label: 'TypeScript',
    hint: 'A function of the parameters, or of the request',
    ending: '.ts',
    source: 'export default async (params, ctx) => {\n  return { hello: ctx.caller.name };\n};\n',
  },
  {
    kind: 'javascript',
    label: 'JavaScript',
    hint: 'The same, without types',
    ending: '.js',
    source: 'export default async (params, ctx) => {\n  return { hello: ctx.caller.name };\n};\n',
  },
  {
    kind: 'python',
    label: 'Python',
    hint: 'A function of the parameters, in CPython',
    ending: '.py',
    source: 'def handler(request, **parameters):\n    return {"hello": "world"}\n',
  },
  {
    kind: 'workflow',
    label: 'Workflow',
    hint: 'Steps without code: conditions, loops, tables, HTTP',
    ending: '.workflow.json',
    source: workflow('workflow', [{ id: 'answer', do: 'respond', body: { hello: 'world' } }]),
  },
  {
    kind: 'middleware',
    label: 'Middleware',
    hint: 'Steps that run before handlers, and may refuse a call',
    ending: '.workflow.json',
    source: workflow('middleware', [
      {
        id: 'signedIn',
        do: 'if',
        when: { $: 'auth.user === null' },
        then: [{ id: 'refuse', do: 'throw', message: 'Sign in first', status: 401 }],
      },
    ]),
  },
  { kind: 'file', label: 'A file', hint: 'Of this machine: .ts, .js, .py or .workflow.json', ending: '', source: '' },
];

/** Returns the path of a new handler: the name as it is with an ending that Portico knows, else with that of the start. */
export function pathOf(name: string, ending: string): string {
  const path = name.trim();
  return path === '' || /\.(ts|m?js|py|(workflow|graph)\.json)$/.test(path) ? path : `${path}${ending}`;
}

/** Returns the path of the endpoint that a handler's path suggests: `pricing/quote.ts` is `pricing/quote`. */
export const urlOf = (path: string): string =>
  path
    .replace(/^\/+/, '')
    .replace(/\.(ts|m?js|py|(workflow|graph)\.json)$/, '')
    .replaceAll(/[^A-Za-z0-9._~/-]+/g, '-');

/** The language of an editor for a handler. */
export const editorLanguageOf = (language: Handler['language']) =>
  language === 'workflow' || language === 'graph' ? 'json' : language;
