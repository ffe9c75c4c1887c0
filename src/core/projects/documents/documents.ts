import * as z from 'zod';
import { fromIso, toIso } from '../../../kernel/clock';
import type { Issue } from '../../../kernel/errors';
import { toIssues } from '../../../kernel/issues';
import { isObject } from '../../../kernel/json.rules';
import { asSet, canonicalJson, withoutDefaults } from '../../../kernel/normal-form';
import { sha256Hex } from '../../../kernel/signed';
import { CreateKeyInput } from '../../identity/keys/key.schema';
import { CreateRoleInput, RoleName } from '../../identity/roles/role.schema';
import { PutSecretInput } from '../../publishing/secrets/secret.schema';
import { Column } from '../../tables/catalogue/column.schema';
import { CreateTableInput } from '../../tables/catalogue/table.schema';
import type { SourceFiles } from '../../publishing/handlers/source-files.schema';
import { EndpointDocument } from './endpoint-document';
import { NAMED_LISTS, type Normal } from './normal.rules';

const { name: _role, ...roleFields } = CreateRoleInput.shape;
/** An application role; its name is its identity. */
export const RoleDocument = z.strictObject(roleFields);

/** A secret without its value, which no file has; its name is its identity. */
export const SecretDocument = z.strictObject({
  description: PutSecretInput.shape.description.unwrap().default(''),
  roles: asSet(z.array(RoleName).max(50))
    .meta({ description: PutSecretInput.shape.roles.meta()?.description ?? '' })
    .default([]),
});

const { alias, key: _value, ...keyFields } = CreateKeyInput.shape;
/** A key without its value; its alias is its identity. */
export const KeyDocument = z.strictObject({
  ...keyFields,
  was: alias.optional().meta({ description: 'Its former alias: the value stays' }),
});

const { columns: _columns, read, write, ...tableFields } = CreateTableInput.shape;
const ColumnDocument = z.strictObject({
  ...Column.shape,
  was: z.string().max(63).optional().meta({ description: 'Its former name: the values stay' }),
});

/** A table with its columns; its schema and name are its identity. */
export const TableDocument = z.strictObject({
  ...tableFields,
  columns: z.array(ColumnDocument).max(1000).default([]),
  read: asSet(read.unwrap()).default([]),
  write: asSet(write.unwrap()).default([]),
  was: z.string().max(130).optional().meta({ description: 'Its former name, or `schema.name`: the rows stay' }),
});

export const JSON_KINDS = {
  role: RoleDocument,
  table: TableDocument,
  secret: SecretDocument,
  key: KeyDocument,
  endpoint: EndpointDocument,
};
export type JsonKind = keyof typeof JSON_KINDS;
export type DocumentOf<K extends JsonKind> = z.output<(typeof JSON_KINDS)[K]>;

/** Kinds of objects of a project, in the order in which each needs only those before it. */
export const KINDS = ['role', 'table', 'secret', 'key', 'handler', 'endpoint'] as const;
export type Kind = (typeof KINDS)[number];

export interface ReadDocument {
  normal: Normal;
  /** The object's former identity, as written. */
  was: string | null;
  /** Former names of its parameters or columns, by their present names. */
  formerNames: Record<string, string>;
}

/** Parses a document of a kind. Returns every issue of an invalid one. */
export function parseDocument(kind: JsonKind, value: unknown): ReadDocument | { issues: Issue[] } {
  const parsed = JSON_KINDS[kind].safeParse(withoutEditorSchema(value));
  if (!parsed.success) return { issues: toIssues(parsed.error) };
  const { was = null, ...document } = parsed.data as Normal & { was?: string };
  return { normal: toNormal(kind, document), was, formerNames: formerNamesOf(document) };
}

/**
 * Returns the normal form of a document that the service makes from its own state. One that an earlier release stored and this one would
 * refuse keeps the order of its lists.
 */
export const normalOf = (kind: JsonKind, document: Normal): Normal =>
  toNormal(kind, (JSON_KINDS[kind].safeParse(document).data as Normal | undefined) ?? document);

function toNormal(kind: JsonKind, document: Normal): Normal {
  const stored = { ...document };
  if (kind === 'key' && typeof stored.expiresAt === 'string') stored.expiresAt = toIso(fromIso(stored.expiresAt)!);
  for (const list of NAMED_LISTS) {
    const items = stored[list];
    if (Array.isArray(items)) stored[list] = items.map(({ was: _was, ...item }: Normal) => item);
  }
  // The service keeps columns in the order of their creation, which nothing depends on.
  if (Array.isArray(stored.columns)) stored.columns = (stored.columns as { name: string }[]).toSorted(byName);
  return withoutDefaults(JSON_KINDS[kind], stored) as Normal;
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

function formerNamesOf(document: Normal): Record<string, string> {
  const items = NAMED_LISTS.flatMap((list) => (document[list] ?? []) as { name: string; was?: string }[]);
  return Object.fromEntries(items.flatMap(({ name, was }) => (was === undefined ? [] : [[name, was]])));
}

const withoutEditorSchema = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  const { $schema: _schema, ...rest } = value;
  return rest;
};

/** Returns the text of a source as versions of it compare: without a byte order mark, lines ended by a line feed. */
export const normalSource = (source: string): string => source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

export const digestOf = (normal: Normal): string => sha256Hex(canonicalJson(normal));

/** Returns the hash by which a push names a version of a handler: of its source, or of the document of its files. */
export const versionHash = ({ source, files }: { source: string; files: SourceFiles | null }): string =>
  files === null ? sha256Hex(normalSource(source)) : sha256Hex(canonicalJson(files));
