import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';
import type { Workflow } from '../../workflow/document/workflow.schema';
import type { Mentions } from '../../code/mention.rules';

/** The largest source of one version, in UTF-8 bytes. */
export const SOURCE_BYTES = 1_048_576;

/** Languages by the ending of a handler's path. */
export const LANGUAGE_OF_EXTENSION = {
  js: 'javascript',
  mjs: 'javascript',
  ts: 'typescript',
  py: 'python',
  'workflow.json': 'workflow',
  'graph.json': 'graph',
} as const;
export type Language = (typeof LANGUAGE_OF_EXTENSION)[keyof typeof LANGUAGE_OF_EXTENSION];
/** Languages whose sources the runtime itself reads; a workflow is compiled before it gets there, a graph has no code. */
export type CodeLanguage = Exclude<Language, 'workflow' | 'graph'>;

/**
 * What saving a version leaves for the loader: module text, made once. `form` tells how the handler wants to be called: `named` gets
 * its parameters by name, `request` gets the request itself. `libraries` are those of Portico's libraries that it imports.
 */
export interface Artifact {
  /** Which runtime the isolate boots. */
  runtime: 'javascript' | 'python';
  form: 'named' | 'request';
  code: string;
  /** The script's name in tracebacks. */
  file?: string;
  libraries: string[];
  /** What the code names; not of published graphs, nor of versions that were saved before this was kept. */
  mentions?: Mentions;
  /** Only of published graphs, which have no code of their own. */
  graph?: GraphFacts;
  /** Only of workflows. */
  workflow?: WorkflowFacts;
}

/** A graph as it was when it was published. */
export interface GraphFacts {
  /** Key of its document, which nothing changes any more. */
  documentKey: string;
  /** Aliases of its public parameters, by the names that callers use. */
  aliases: Record<string, string>;
  /** Whether callers wait for the outputs, or are told where to ask for them. */
  answer: 'wait' | 'run';
}

/** What is known of a compiled workflow beside its code. */
export interface WorkflowFacts {
  kind: 'workflow' | 'middleware';
  /** Paths of the handlers that its steps call. */
  calls: string[];
  /** Names of the secrets that its steps use. */
  secrets: string[];
  /** Ids of its steps: what a test run may stop at or mock. */
  steps: string[];
  /** Does anything in it read `body` or `request`? Not of versions that were saved before this was kept. */
  readsBody?: boolean;
  /** Where each of them stands in the source, lines and columns from 1; not of versions that were saved before this was kept. */
  places?: [pointer: string, line: number, column: number][];
  /** Of a middleware: what is compiled once more for every endpoint that attaches it, with the values given there. */
  source?: Workflow;
}

/** `pricing/quote.ts`, or a full path of a file system as Instabase has it, spaces and all. */
export const HandlerPath = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\u0000-\u001f\u007f\\]+$/, 'must not contain control characters or backslashes')
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), 'must not contain . or .. segments')
  .refine((path) => languageOf(path) !== null, {
    message: `must end in one of ${Object.keys(LANGUAGE_OF_EXTENSION)
      .map((extension) => `.${extension}`)
      .join(' ')}`,
    params: { code: 'unknown_language' },
  });

/** The language of a handler's path, or null when its ending is none that Portico runs. */
export function languageOf(path: string): Language | null {
  const found = Object.entries(LANGUAGE_OF_EXTENSION).find(([extension]) => path.endsWith(`.${extension}`));
  return found?.[1] ?? null;
}

/** Without the byte order mark that some editors write: it is no part of a text. */
const Source = z
  .string({
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? 'must be text: the steps of a workflow or a graph are sent as a string that has their JSON'
        : undefined,
  })
  .min(1)
  .overwrite((text) => text.replace(/^\uFEFF/, ''));
const Note = z.string().max(1000).default('');

export const CreateVersionInput = z.strictObject({
  source: Source.meta({ description: `Source text, at most ${SOURCE_BYTES} bytes` }),
  note: Note,
  deploy: z.boolean().default(true).meta({ description: 'Make this version the default one at once' }),
});
export type CreateVersionInput = z.infer<typeof CreateVersionInput>;

export const CreateHandlerInput = z.strictObject({ path: HandlerPath, ...CreateVersionInput.shape });
export type CreateHandlerInput = z.infer<typeof CreateHandlerInput>;

export const UpdateHandlerInput = z.strictObject({
  path: HandlerPath.optional().meta({ description: 'Another path for the same language' }),
});
export type UpdateHandlerInput = z.infer<typeof UpdateHandlerInput>;

export const DeployInput = z.strictObject({ version: z.int().min(1) });
export type DeployInput = z.infer<typeof DeployInput>;

export const ListHandlersQuery = z.strictObject({
  ...PageQuery.shape,
  path: z.string().max(512).optional(),
  prefix: z.string().max(512).optional(),
});
export type ListHandlersQuery = z.infer<typeof ListHandlersQuery>;

export const Handler = z.object({
  id: z.string(),
  path: z.string(),
  language: z.enum(['javascript', 'typescript', 'python', 'workflow', 'graph']),
  defaultVersion: z.int().nullable().meta({ description: 'The version that is served; null before the first deploy' }),
  latestVersion: z.int(),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type Handler = z.infer<typeof Handler>;

export const HandlerVersion = z.object({
  version: z.int(),
  form: z.enum(['named', 'request']),
  note: z.string(),
  isDefault: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type HandlerVersion = z.infer<typeof HandlerVersion>;

export const HandlerVersionWithSource = z.object({ ...HandlerVersion.shape, source: z.string() });
export type HandlerVersionWithSource = z.infer<typeof HandlerVersionWithSource>;

const warnings = z
  .array(
    z.object({
      pointer: z.string(),
      code: z.string(),
      message: z.string(),
      line: z.int().optional(),
      column: z.int().optional(),
    }),
  )
  .meta({ description: 'What may go wrong when it runs' });

/** Answers of a save. */
export const SavedHandler = z.object({ ...Handler.shape, warnings });
export type SavedHandler = z.infer<typeof SavedHandler>;
export const DeployedHandler = z.object({ ...Handler.shape, warnings: warnings.optional() });
export const SavedVersion = z.object({ ...HandlerVersion.shape, warnings });
export type SavedVersion = z.infer<typeof SavedVersion>;
