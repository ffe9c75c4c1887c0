/* Actions as the JSON Schema of workflows describes them: the editor's forms are made of it, so that an action has one source. */

/** How a field is edited. `steps` holds steps; `cases` holds conditions with steps. */
export type FieldKind = 'value' | 'text' | 'map' | 'choice' | 'flag' | 'whole' | 'steps' | 'cases' | 'json';

export interface FieldInfo {
  name: string;
  kind: FieldKind;
  isRequired: boolean;
  /** A number, or an expression for one. */
  isNumber: boolean;
  description: string;
  /** Of a choice. */
  values: readonly string[];
}

export interface ActionInfo {
  name: string;
  title: string;
  category: Category;
  fields: readonly FieldInfo[];
}

export const CATEGORIES = ['Logic', 'Tables', 'HTTP', 'Output and time'] as const;
export type Category = (typeof CATEGORIES)[number];

interface Schema {
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  $ref?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}
/** The document at /workflow.schema.json. */
export interface WorkflowSchema {
  $defs?: Record<string, Schema>;
}

const COMMON = new Set(['id', 'do', 'note']);

/** Returns the actions in the order of the schema. */
export function actionsOf(schema: WorkflowSchema): ActionInfo[] {
  return (schema.$defs?.Step?.anyOf ?? []).flatMap((action) => {
    const name = action.properties?.do?.const;
    if (typeof name !== 'string') return [];
    const fields = Object.entries(action.properties ?? {})
      .filter(([field]) => !COMMON.has(field))
      .map(([field, one]) => toField(field, one, action.required?.includes(field) === true, schema.$defs ?? {}));
    return [{ name, title: action.title ?? '', category: categoryOf(name), fields }];
  });
}

function categoryOf(name: string): Category {
  if (name.startsWith('table.')) return 'Tables';
  if (name.startsWith('http.')) return 'HTTP';
  return ['respond', 'log', 'sleep'].includes(name) ? 'Output and time' : 'Logic';
}

function toField(name: string, schema: Schema, isRequired: boolean, defs: Record<string, Schema>): FieldInfo {
  const values = (schema.enum ?? []).filter((value) => typeof value === 'string');
  const kind = kindOf(name, schema, defs);
  return { name, kind, isRequired, isNumber: mayBeInteger(schema), description: schema.description ?? '', values };
}

function kindOf(name: string, schema: Schema, defs: Record<string, Schema>): FieldKind {
  const ref = schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1);
  const shape = ref === undefined ? schema : (defs[ref] ?? schema);
  if (ref === 'ValueMap') return 'map';
  if (ref === 'Value' || ref === 'TextValue') return 'value';
  if (schema.enum) return 'choice';
  if (schema.type === 'boolean') return 'flag';
  if (schema.type === 'integer') return 'whole';
  if (schema.type === 'string') return 'text';
  if (shape.type === 'array' && shape.items?.$ref?.endsWith('/Step')) return 'steps';
  if (name === 'cases') return 'cases';
  return mayBeInteger(schema) ? 'value' : 'json';
}

const mayBeInteger = ({ anyOf = [] }: Schema): boolean => anyOf.some(({ type }) => type === 'integer');

/** Returns a new step of an action, with what it must have. */
export function newStep(action: ActionInfo, id: string): Step {
  const step: Step = { id, do: action.name };
  for (const { name, kind, isRequired, isNumber, values } of action.fields)
    if (isRequired) step[name] = isNumber ? 0 : emptyOf(kind, values);
  if (action.name === 'while') step.limit = 100;
  return step;
}

function emptyOf(kind: FieldKind, values: readonly string[]): unknown {
  switch (kind) {
    case 'steps':
      return [];
    case 'cases':
      return [{ when: true, steps: [] }];
    case 'map':
      return {};
    case 'choice':
      return values[0] ?? '';
    case 'flag':
      return false;
    case 'whole':
      return 1;
    case 'json':
      return '';
    default:
      return '';
  }
}

/** A step as it is in the JSON. */
export interface Step {
  id: string;
  do: string;
  [field: string]: unknown;
}
