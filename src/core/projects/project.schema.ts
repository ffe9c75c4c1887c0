import * as z from 'zod';
import { HandlerPath, SourceIssue } from '../publishing/handlers/handler.schema';
import { KINDS } from './documents/documents';
import { ProjectName } from './files/project-file';

/** Maximum number of objects in one project. */
export const MAX_OBJECTS = 5000;
/** Bytes of an upload. */
export const MAX_BLOB_BYTES = 4 * 1_048_576;
/** Maximum number of uploads with documents of one plan: the service holds them all at once. */
export const MAX_DOCUMENT_UPLOADS = 4;

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits in lower case');
const Kinds = z.enum(KINDS);
const Identity = z.string().min(1).max(700);
/** `<kind> <identity>`. */
const Label = z.string().min(1).max(720);
const Labels = z.array(Label).max(MAX_OBJECTS);

const PushedObject = z.strictObject({
  kind: Kinds,
  identity: Identity.meta({
    description:
      'Name of a role or secret, `schema.name` of a table, alias of a key, path of a handler, `<methods> <path>` of an endpoint, such as `GET,POST orders`',
  }),
  sha256: Sha256.meta({
    description:
      'Of the canonical JSON of the document (no white space, members sorted by name); of a handler of one file: of its source, without a byte order mark and with lines ended by a line feed',
  }),
  document: z.record(z.string(), z.json()).optional().meta({
    description:
      'As in the file, for the target. May be left out where the last push had this hash. None for a handler of one file; of one of many: `files`, `packages` and `tool`',
  }),
  built: z.strictObject({ code: Sha256, map: Sha256 }).nullable().optional().meta({
    description:
      'A handler of many files: hashes of the module that was built of them, and of its source map; null for Python, whose files run as they are',
  }),
});
export type PushedObject = z.output<typeof PushedObject>;

export const PlanInput = z.strictObject({
  objects: z.array(PushedObject).max(MAX_OBJECTS).meta({ description: 'Everything that the folder has' }),
  documents: z.array(Sha256).max(MAX_DOCUMENT_UPLOADS).default([]).meta({
    description:
      'Hashes of uploads, each a JSON list of documents: those of `objects` that have none, by their `sha256`. For more than a request holds',
  }),
  commit: z.string().max(200).optional().meta({ description: 'Of the folder; `+dirty` marks changes after it' }),
  generation: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The one that the sender saw last: a newer one makes the plan `stale`' }),
  moved: z
    .array(z.strictObject({ handler: HandlerPath, to: HandlerPath }))
    .max(1000)
    .default([])
    .meta({ description: 'Handlers with a new path' }),
  prune: z.boolean().default(false).meta({ description: 'Remove what the folder no longer has' }),
  over: Labels.default([]).meta({ description: 'Objects whose files win over changes made here' }),
  adopt: Labels.default([]).meta({ description: "Objects that exist and become the project's" }),
  restore: Labels.default([]).meta({ description: 'Objects that were deleted here and are made again' }),
  allow: Labels.default([]).meta({ description: 'Losses that are meant: the `word`s of the plan' }),
});
export type PlanInput = z.output<typeof PlanInput>;

export const STEP_ACTIONS = ['create', 'change', 'merge', 'delete', 'adopt', 'forget'] as const;
export const STEP_STANDS = ['drift', 'deleted', 'left', 'conflict'] as const;

const ShownStep = z.object({
  kind: Kinds,
  identity: z.string(),
  action: z.enum([...STEP_ACTIONS, ...STEP_STANDS]).meta({
    description:
      'create, change, delete: what apply does. merge: both sides changed other fields. adopt: both sides are equal, and the project notes it. forget: gone on both sides. drift: changed here, kept. deleted: deleted here, kept so. left: no longer in the folder, kept without prune. conflict: see `reason`',
  }),
  from: z.string().optional().meta({ description: 'Its former identity' }),
  reason: z.string().optional().meta({
    description: 'both_changed, not_of_this_project, removed_here_changed_there, deleted_there_changed_here, ambiguous',
  }),
  allows: z.string().optional().meta({ description: 'The option that lets the files win: over, adopt, restore' }),
  changes: z
    .record(z.string(), z.object({ from: z.unknown(), to: z.unknown() }))
    .optional()
    .meta({ description: 'By field; of a drift, what was changed here' }),
  conflicts: z
    .record(z.string(), z.object({ base: z.unknown(), here: z.unknown(), there: z.unknown() }))
    .optional()
    .meta({ description: 'Fields that both sides changed: `here` is the folder, `there` this service' }),
  changedBy: z
    .object({ actor: z.string(), at: z.iso.datetime() })
    .optional()
    .meta({ description: 'Last change of the object in this service' }),
  losses: z
    .array(z.object({ word: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'What the step would lose: send each `word` in `allow`' }),
  issues: z
    .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'Issues of its document' }),
});
export type PlanStep = z.output<typeof ShownStep>;

const BLOCKS = ['need', 'invalid', 'conflict', 'loss', 'stale'] as const;

export const Plan = z.object({
  project: z.string(),
  generation: z.int().meta({ description: 'Pushes that changed something; 0: none yet' }),
  lastCommit: z.string().nullable(),
  pushedAt: z.iso.datetime().nullable(),
  pushedBy: z.string().nullable(),
  digest: z.string().meta({ description: 'Identifies the plan for apply' }),
  steps: z.array(ShownStep).meta({ description: 'Objects that differ; what is equal everywhere is left out' }),
  unchanged: z.int(),
  blocked: z
    .array(z.enum(BLOCKS))
    .meta({ description: 'Why it cannot be applied: missing documents, issues, conflicts, losses, a stale folder' }),
  need: z.object({
    documents: z.array(z.string()).meta({ description: '`<kind> <identity>` of documents to send' }),
    blobs: z.array(z.string()).meta({ description: 'Hashes of sources to upload before apply' }),
  }),
  toSet: z
    .object({ secrets: z.array(z.string()), keys: z.array(z.string()) })
    .meta({ description: 'Secrets and keys without a value, set by hand' }),
});
export type Plan = z.output<typeof Plan>;

export const ApplyInput = PlanInput.extend({ digest: Sha256.meta({ description: 'Of the plan that was shown' }) });
export type ApplyInput = z.output<typeof ApplyInput>;

export const Applied = z.object({
  project: z.string(),
  generation: z.int(),
  applied: z.array(
    z.object({
      kind: Kinds,
      identity: z.string(),
      action: z.enum(STEP_ACTIONS),
      warnings: z.array(SourceIssue).optional().meta({ description: 'Points to review, as after any save' }),
    }),
  ),
  done: z.boolean().meta({ description: 'false: a part was applied, whole in itself. Plan and apply again' }),
  toSet: Plan.shape.toSet,
});
export type Applied = z.output<typeof Applied>;

export const Project = z.object({
  name: z.string(),
  generation: z.int(),
  lastCommit: z.string().nullable(),
  pushedAt: z.iso.datetime().nullable(),
  pushedBy: z.string().nullable(),
});
export type Project = z.output<typeof Project>;

export const ProjectState = z.object({
  ...Project.shape,
  objects: z.array(
    z.object({
      kind: Kinds,
      identity: z.string(),
      isOwn: z.boolean().meta({ description: 'The project pushed or adopted it' }),
      document: z
        .record(z.string(), z.unknown())
        .nullable()
        .meta({ description: 'In normal form: what differs from the defaults; null: deleted here' }),
      base: z
        .object({ sha256: z.string(), document: z.record(z.string(), z.unknown()) })
        .nullable()
        .meta({ description: 'As it was last pushed' }),
    }),
  ),
});
export type ProjectState = z.output<typeof ProjectState>;

export const ExportedObject = z.object({
  kind: Kinds,
  identity: z.string(),
  sha256: z.string().meta({ description: 'As a push sends it: of the document, or of the source of a handler' }),
  document: z.record(z.string(), z.unknown()).optional().meta({ description: 'In normal form; none for a handler' }),
  byHand: z
    .enum(['value', 'rows'])
    .optional()
    .meta({ description: 'What a push does not make: the value of a secret or key, or the rows of a table' }),
});
export type ExportedObject = z.output<typeof ExportedObject>;

/** Texts of one upload. */
const MAX_UPLOADS = 100;

export const UploadsInput = z.strictObject({
  texts: z.array(z.string()).min(1).max(MAX_UPLOADS).meta({ description: 'Each is stored under its SHA-256' }),
});
export type UploadsInput = z.output<typeof UploadsInput>;

export const ProjectParams = z.strictObject({ name: ProjectName });
export const BlobParams = z.strictObject({ hash: Sha256 });
