import * as z from 'zod';
import { SecretName } from '../../code/secret-name.schema';
import { CreateKeyInput } from '../../identity/keys/key.schema';
import { RoleName } from '../../identity/roles/role.schema';
import { workflowJsonSchema } from '../../workflow/document/workflow.schema';
import { ReplaceGraphInput } from '../../../plynx/authoring/graph-editor.schema';
import { KeyDocument, RoleDocument, SecretDocument, TableDocument } from '../documents/documents';
import { EndpointDocument } from '../documents/endpoint-document';
import { ProjectFile } from './project-file';

const editor = {
  $schema: z.string().max(2000).optional().meta({ description: 'Path or URL of this schema, for editors' }),
};
/** Differences of a target: merged into the object by RFC 7396, where null removes a field. */
const on = z
  .record(z.string().max(63), z.record(z.string(), z.json()))
  .optional()
  .meta({ description: 'Differences by target, as merge patches (RFC 7396): null removes a field' });

const endpoint = EndpointDocument.extend({
  ...editor,
  handler: EndpointDocument.shape.handler
    .optional()
    .meta({ description: 'Path of the handler. Default: the file beside this one' }),
  on,
});

/** A file of entries by name: roles, keys, secrets. */
function entries<N extends z.ZodType<string>, D extends z.ZodObject>(name: N, document: D) {
  const propertyNames = { anyOf: [{ const: '$schema' }, z.toJSONSchema(name)] };
  return z.object({ $schema: editor.$schema }).catchall(document.extend({ on })).meta({ propertyNames });
}

/** The schema of each kind of file, by the name under which it is served. A graph is no object of a project: `PUT /admin/graphs/:id` takes it. */
const FILES = {
  project: ProjectFile.extend(editor),
  endpoint: z.union([endpoint, z.array(endpoint).min(1).max(100)]),
  table: TableDocument.extend({ ...editor, on }),
  roles: entries(RoleName, RoleDocument),
  keys: entries(CreateKeyInput.shape.alias, KeyDocument),
  secrets: entries(SecretName, SecretDocument),
  graph: ReplaceGraphInput.extend(editor),
};

/** Names of the files whose JSON Schema is served as `/schemas/<name>.json`. */
export const FILE_SCHEMAS = [...Object.keys(FILES), 'workflow'] as readonly (keyof typeof FILES | 'workflow')[];
export type FileSchemaName = (typeof FILE_SCHEMAS)[number];

/** Builds the JSON Schema (2020-12) of a kind of file, as text, from the schemas that check what is pushed. */
export function fileSchemaText(name: FileSchemaName): string {
  const schema = name === 'workflow' ? workflowJsonSchema() : z.toJSONSchema(FILES[name], { io: 'input' });
  const { $schema, ...rest } = schema;
  return JSON.stringify({ $schema, $id: `urn:portico:schemas:${name}`, title: `Portico ${name}`, ...rest });
}
