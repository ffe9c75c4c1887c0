import * as z from 'zod';
import { LANGUAGE_OF_EXTENSION, languageOf } from '../../code/artifact';
import { PageQuery } from '../../../kernel/page';
import { SourceFiles } from './source-files.schema';

/** Maximum size of the source of one version, in UTF-8 bytes. */
export const SOURCE_BYTES = 1_048_576;

/** `pricing/quote.ts`, or a full path of a file system, spaces included. */
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

/** Removes the byte order mark that some editors write: it is not part of the text. */
const Source = z
  .string({
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? 'must be a string: send the steps of a workflow or a graph as JSON text'
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

/** A source to check as a save would. The extension of `path` selects the language. */
export const CheckSourceInput = z.strictObject({ path: HandlerPath, source: Source });
export type CheckSourceInput = z.infer<typeof CheckSourceInput>;

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
  defaultVersion: z.int().nullable().meta({ description: 'The version that calls get; null before the first deploy' }),
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
  createdByName: z.string().optional().meta({
    description: 'Present name of that user; absent in the response of a save, and where you may not see people',
  }),
});
export type HandlerVersion = z.infer<typeof HandlerVersion>;

export const HandlerVersionWithSource = z.object({
  ...HandlerVersion.shape,
  source: z.string().meta({ description: 'Of a handler of many files, the entry' }),
  files: z
    .array(z.object({ path: z.string(), source: z.string() }))
    .nullable()
    .meta({ description: 'Of a handler of many files, which a project pushed: all of them. null: it has one' }),
  packages: z
    .array(z.object({ name: z.string(), version: z.string() }))
    .meta({ description: 'npm packages that its code contains' }),
});
export type HandlerVersionWithSource = z.infer<typeof HandlerVersionWithSource>;

/** The files of a handler, by their paths in a project. */
export const HandlerFiles = z.object({
  files: z.array(z.object({ path: z.string(), source: z.string() })),
  built: z
    .object({ document: SourceFiles, module: z.object({ code: z.string(), map: z.string() }).nullable() })
    .nullable()
    .meta({
      description: 'With `built=true`, of a handler of many files: as a push sends it; `module` is null for Python',
    }),
});
export type HandlerFiles = z.infer<typeof HandlerFiles>;

/** An issue; one in a source has its place, counted from 1. */
export const SourceIssue = z.object({
  pointer: z.string(),
  code: z.string(),
  message: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
});

const warnings = z.array(SourceIssue).meta({ description: 'Possible failures at run time' });

export const CheckedSource = z.object({
  errors: warnings.meta({ description: 'A save would be refused with these; none: it would be accepted' }),
  warnings,
});
export type CheckedSource = z.infer<typeof CheckedSource>;

/** Responses to a save. */
export const SavedHandler = z.object({ ...Handler.shape, warnings });
export type SavedHandler = z.infer<typeof SavedHandler>;
export const DeployedHandler = z.object({ ...Handler.shape, warnings: warnings.optional() });
export type DeployedHandler = z.infer<typeof DeployedHandler>;
export const SavedVersion = z.object({ ...HandlerVersion.shape, warnings });
export type SavedVersion = z.infer<typeof SavedVersion>;
