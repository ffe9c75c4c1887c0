/* Sources of an expression: the roots of a workflow, with the values that the last run had. */

export interface Binding {
  /** An expression, such as `steps.total.price`. */
  path: string;
  /** Its value in the last run; undefined where it had none. */
  value: unknown;
  group: 'Parameters' | 'Steps' | 'Variables' | 'Request' | 'Caller' | 'Loop and errors';
}

interface Known {
  parameters: readonly { name: string; test?: unknown }[];
  /** Ids of the steps before, and the names of variables that they set. */
  steps: readonly string[];
  variables: readonly string[];
  run: {
    steps: readonly { id: string; output?: unknown; input?: unknown; action: string }[];
    request: { body: string | null };
  } | null;
}

/** Levels below a root, and entries of one object, that are offered. */
const MAX_LEVELS = 3;
const MAX_ENTRIES = 20;
const MAX_BINDINGS = 300;

/** Returns what can be chosen, each with its value. */
export function bindingsOf({ parameters, steps, variables, run }: Known): Binding[] {
  const body = bodyOf(run?.request.body ?? null);
  const outputs = new Map(run?.steps.map(({ id, output }) => [id, output]));
  const sets = new Map(
    run?.steps.filter(({ action }) => action === 'set').map(({ input, output }) => [nameIn(input), output]),
  );
  const found: Binding[] = [
    ...parameters.flatMap(({ name, test }) =>
      expand('Parameters', member('params', name), fieldOf(body, name) ?? test ?? undefined),
    ),
    ...steps.flatMap((id) => expand('Steps', `steps.${id}`, outputs.get(id))),
    ...variables.flatMap((name) => expand('Variables', `vars.${name}`, sets.get(name))),
    ...expand('Request', 'body', body),
    ...['query', 'headers', 'request.method', 'request.path'].map((path): Binding => ({
      path,
      value: undefined,
      group: 'Request',
    })),
    ...['auth.kind', 'auth.user.name', 'auth.user.roles', 'auth.key.alias'].map((path): Binding => ({
      path,
      value: undefined,
      group: 'Caller',
    })),
    ...['loop.item', 'loop.index', 'error.message', 'error.step'].map((path): Binding => ({
      path,
      value: undefined,
      group: 'Loop and errors',
    })),
  ];
  return found.slice(0, MAX_BINDINGS);
}

function expand(group: Binding['group'], path: string, value: unknown, levels = MAX_LEVELS): Binding[] {
  const here: Binding = { path, value, group };
  if (levels === 0 || typeof value !== 'object' || value === null) return [here];
  const entries = Array.isArray(value)
    ? value.slice(0, 1).map((item, index) => [String(index), item] as const)
    : Object.entries(value);
  return [
    here,
    ...entries.slice(0, MAX_ENTRIES).flatMap(([name, item]) => expand(group, member(path, name), item, levels - 1)),
  ];
}

/** Returns the expression of a member: with a dot where its name permits it. */
function member(path: string, name: string): string {
  if (/^\d+$/.test(name)) return `${path}[${name}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function bodyOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return text ?? undefined;
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
const nameIn = (input: unknown): string => {
  const name = fieldOf(input, 'name');
  return typeof name === 'string' ? name : '';
};

/** Shows a value in a few words. */
export function shownValue(value: unknown): string {
  if (value === undefined) return '';
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
