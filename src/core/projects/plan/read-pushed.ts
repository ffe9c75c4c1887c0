import type { BaseRow } from '../../../storage/projects';
import type { Issue } from '../../../kernel/errors';
import { canonicalJson } from '../../../kernel/normal-form';
import { sha256Hex } from '../../../kernel/signed';
import { RoleName } from '../../identity/roles/role.schema';
import { SecretName } from '../../code/secret-name.schema';
import { CreateKeyInput } from '../../identity/keys/key.schema';
import { HandlerPath } from '../../publishing/handlers/handler.schema';
import { SourceFiles } from '../../publishing/handlers/source-files.schema';
import { toIssues } from '../../../kernel/issues';
import { METHODS } from '../../../kernel/http-methods';
import { splitTableName } from '../../tables/catalogue/put-table';
import { parseDocument, type Kind } from '../documents/documents';
import type { Normal } from '../documents/normal.rules';
import { endpointIdentity, labelOf } from '../state/found';
import type { PlanInput, PushedObject } from '../project.schema';

/** An object of the folder. */
export interface Pushed {
  kind: Kind;
  identity: string;
  sha256: string;
  /** Its document in normal form; null while it is needed, or invalid. */
  ours: Normal | null;
  isNeeded: boolean;
  was: string | null;
  /** Former names of parameters or columns, by their present ones. */
  formerNames: Record<string, string>;
  issues: Issue[];
  /** Of a handler of many files: what it is built of; `document` is null where it was not sent, `module` for Python. */
  built: { document: SourceFiles | null; module: { code: string; map: string } | null } | null;
}

const NAMES = { role: RoleName, secret: SecretName, key: CreateKeyInput.shape.alias, handler: HandlerPath };

/** Reads the objects of a folder. A document that is left out is that of the last push, when its hash is the same. */
export function readPushed({ objects, moved }: PlanInput, bases: readonly BaseRow[]): Pushed[] {
  const last = new Map(bases.map((base) => [labelOf(base), base]));
  const seen = new Set<string>();
  return objects.map((object) => {
    const label = labelOf(object);
    const read = readObject(object, last.get(label), moved);
    if (seen.has(label)) read.issues.push({ pointer: '#', code: 'duplicate', message: 'is in the folder twice' });
    seen.add(label);
    return read;
  });
}

function readObject(object: PushedObject, base: BaseRow | undefined, moved: PlanInput['moved']): Pushed {
  const { kind, identity, sha256 } = object;
  const pushed: Pushed = {
    kind,
    identity,
    sha256,
    ours: null,
    isNeeded: false,
    was: null,
    formerNames: {},
    issues: [],
    built: null,
  };
  if (kind !== 'table' && kind !== 'endpoint') {
    const named = NAMES[kind].safeParse(identity);
    if (!named.success) pushed.issues.push(...toIssues(named.error));
  }
  if (kind === 'handler') {
    const was = moved.find(({ to }) => to === identity)?.handler ?? null;
    return { ...pushed, ours: { sha256 }, was, ...readBuilt(object, pushed.issues) };
  }
  if (base?.sha256 === sha256 && object.document === undefined) return { ...pushed, ours: base.document };
  if (object.document === undefined) return { ...pushed, isNeeded: true };
  return { ...pushed, ...readSent(kind, identity, sha256, object.document, pushed.issues) };
}

const HASH_DIFFERS = 'sha256 must be the hash of the canonical JSON of the document';

/** Reads what a handler of many files is built of. Its document is needed only where its version is saved. */
function readBuilt({ built, document, sha256 }: PushedObject, issues: Issue[]): Partial<Pushed> {
  if (built === undefined && document === undefined) return {};
  const wrong = (code: string, message: string): Partial<Pushed> => ({
    issues: [...issues, { pointer: '#', code, message }],
  });
  if (built === undefined) return wrong('required', 'must have `built`, as a handler of many files');
  if (document === undefined) return { built: { module: built, document: null } };
  const parsed = SourceFiles.safeParse(document);
  if (!parsed.success) return { issues: [...issues, ...toIssues(parsed.error)] };
  if (sha256Hex(canonicalJson(document)) !== sha256) return wrong('hash_differs', HASH_DIFFERS);
  return { built: { module: built, document: parsed.data } };
}

/** Reads a document that was sent: it must be valid, and the one that hash and identity name. */
function readSent(
  kind: Exclude<Kind, 'handler'>,
  identity: string,
  sha256: string,
  document: Normal,
  issues: Issue[],
): Partial<Pushed> {
  const read = parseDocument(kind, document);
  if ('issues' in read) return { issues: [...issues, ...read.issues] };
  const { normal, was, formerNames } = read;
  const own = identityOf(kind, normal);
  const wrong = (code: string, message: string): Partial<Pushed> => ({
    issues: [...issues, { pointer: '#', code, message }],
  });
  if (sha256Hex(canonicalJson(document)) !== sha256) return wrong('hash_differs', HASH_DIFFERS);
  if (own !== null && own !== identity) return wrong('identity_differs', `the identity of this document is ${own}`);
  return { ours: normal, was: was !== null && kind === 'table' ? tableIdentity(was) : was, formerNames, issues };
}

const tableIdentity = (full: string): string => {
  const { schema, name } = splitTableName(full);
  return `${schema}.${name}`;
};

/** Returns the identity that a document has by its own fields; null where a name beside it has it. */
export function identityOf(kind: Kind, normal: Normal): string | null {
  if (kind === 'endpoint') {
    const methods = (normal.methods ?? ['POST']) as string[];
    return endpointIdentity(
      METHODS.filter((method) => methods.includes(method)),
      String(normal.path),
    );
  }
  return kind === 'table' ? tableIdentity(`${String(normal.schema ?? 'public')}.${String(normal.name)}`) : null;
}
