import { findAction } from '../actions/action-list';
import type { CodeWriter, Step } from '../language/action';
import { CODE_INPUTS, rootsIn, toRoutine } from '../actions/code-source.rules';
import { ROOTS, type Root } from '../language/reach.rules';
import { compileObject, compileValue, findValues } from '../language/value.rules';
import type { MiddlewareAttachment, Workflow } from '../document/workflow.schema';

export interface CompileOptions {
  /** Specifier of the run-time library (src/runtime/harness/workflow). */
  library?: string;
  /** Values for the parameters of an attached middleware: expressions over the roots of the call. */
  with?: MiddlewareAttachment['with'];
}

export interface Compiled {
  code: string;
  readsBody: boolean;
}

/** Replaces a line break inside an expression while the code is indented. Expressions contain no NUL. */
const BREAK = '\0';

/**
 * Compiles a checked workflow to one ES module that exports `handler(request, ctx)`. Deterministic.
 * Throws a TypeError on a workflow that did not pass `checkWorkflow`. `readsBody`: an expression starts from `body` or `request`.
 */
export function compileWorkflow(
  workflow: Workflow,
  { library = './workflow.js', with: values }: CompileOptions = {},
): Compiled {
  const writer = createWriter();
  const body = writer.block(workflow.steps);
  const attached = values === undefined ? null : writer.values(valuesOfParameters(workflow, values));
  const readsBody = [...writer.roots, ...(attached?.roots ?? [])].some((root) => root === 'body' || root === 'request');
  const definition = [
    `kind: ${JSON.stringify(workflow.kind)}`,
    `limits: ${compileObject({ ...workflow.limits })}`,
    `body: ${readsBody}`,
    ...(attached === null ? [] : [`with: ({ ${attached.roots.join(', ')} }) => (${attached.code})`]),
  ];
  // Blocks declare these two; for a code step outside of such a block they are undefined.
  const absent = writer.absent().map((name) => `  const ${name} = undefined;\n`);
  const text = [
    '// Generated from a workflow at every save: edit the workflow, not this text.\n',
    `import { $key, $text, $workflow } from ${JSON.stringify(library)};\n\n`,
    ...writer.routines.map((routine) => `${routine}\n\n`),
    `export const handler = $workflow({ ${definition.join(', ')} }, async ($run, { ${['steps', 'vars', ...writer.roots].join(', ')} }) => {\n`,
    ...absent,
    ...(body === '' ? [] : [`${body}\n`]),
    '});\n',
  ].join('');
  return { code: text.replaceAll(BREAK, '\n'), readsBody };
}

function valuesOfParameters(workflow: Workflow, values: Record<string, unknown>): Record<string, unknown> {
  const declared = (workflow.parameters ?? []).map(({ name, default: value }) => [
    name,
    Object.hasOwn(values, name) ? values[name] : value,
  ]);
  return Object.fromEntries(declared) as Record<string, unknown>;
}

const withoutBreaks = (code: string): string => code.replaceAll(/\r\n?|\n/g, BREAK);
// Not with /^/m, which also matches the line separators U+2028 and U+2029; literals may contain them.
const indent = (code: string): string =>
  code
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
/** Returns whether the call provides a root; the module declares the others. */
const isOwn = (root: Root): boolean => !['steps', 'vars', 'loop', 'error'].includes(root);

/** Collects the roots and routines that the steps' code needs while the actions write it. */
function createWriter() {
  const used = new Set<Root>();
  const inRoutines = new Set<Root>();
  const routines: string[] = [];

  const note = (value: unknown): void => {
    for (const found of findValues(value, ''))
      if ('references' in found) for (const { root } of found.references) used.add(root);
  };
  const code: CodeWriter = {
    value(value) {
      note(value);
      return withoutBreaks(compileValue(value));
    },
    input(fields) {
      note(fields);
      return `() => (${withoutBreaks(compileObject(fields))})`;
    },
    text: (text) => JSON.stringify(text),
    block: (steps) => block(steps as readonly Step[]),
    routine(id, source) {
      const name = `$code_${id}`;
      for (const root of rootsIn(source)) {
        used.add(root);
        inRoutines.add(root);
      }
      routines.push(withoutBreaks(toRoutine(name, source)));
      return `${name}({ ${[CODE_INPUTS[0], `${CODE_INPUTS[1]}: $run.tables`, ...rootsIn(source)].join(', ')} })`;
    },
  };

  function block(steps: readonly Step[]): string {
    return steps.map((step) => indent(`// ${step.id}: ${step.do}\n${compileStep(step)}`)).join('\n');
  }
  function compileStep(step: Step): string {
    const action = findAction(step.do);
    if (action === undefined) throw new TypeError(`unknown action ${step.do}`);
    // An empty block leaves an empty line; line breaks of expressions are still hidden here.
    return action.compile(step, code).replaceAll('\n\n', '\n');
  }
  return {
    block,
    routines,
    get roots(): Root[] {
      return ROOTS.filter((root) => used.has(root) && isOwn(root));
    },
    absent: (): Root[] => ROOTS.filter((root) => inRoutines.has(root) && (root === 'loop' || root === 'error')),
    values(fields: Record<string, unknown>): { code: string; roots: Root[] } {
      const roots = new Set(
        findValues(fields, '').flatMap((found) =>
          'references' in found ? found.references.map(({ root }) => root) : [],
        ),
      );
      return { code: withoutBreaks(compileObject(fields)), roots: [...roots] };
    },
  };
}
