import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { pythonRepr } from './python.rules';
import type { Template } from './script.rules';

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
type Value = ReturnType<Interpreter['evaluate']>;

/**
 * Renders a jinja2 template as Python's jinja2 does by default: blocks keep the white space around them, one newline at the end of the
 * source goes (the library sees to it), and values print as Python prints them (`True`, `None`, `['a']`). Throws what is wrong with
 * the template. There is no `{% raw %}`.
 *
 * A template can loop for ever and fill the memory: outside of tests only the harness inside an isolate calls this.
 */
export function renderTemplate({ source, context }: Template): string {
  const normalized = source.replaceAll(/\r\n?/g, '\n');
  const program = parse(tokenize(normalized, { lstrip_blocks: false, trim_blocks: false }));
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...GLOBALS, ...context })) environment.set(name, value);
  const { value } = new PythonInterpreter(environment, printsOf(program.body)).run(program);
  if (typeof value !== 'string') throw new TypeError('A template gives text');
  return value;
}

const GLOBALS = { true: true, false: false, none: null, True: true, False: false, None: null, range };

const MOST_ITEMS = 1_000_000;
function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= MOST_ITEMS)) throw new RangeError(`range() of more than ${MOST_ITEMS} numbers`);
  return Array.from({ length }, (_, at) => from + at * step);
}

/** Prints what stands in the text as Python would; leaves values inside expressions as they are. */
class PythonInterpreter extends Interpreter {
  readonly #prints: ReadonlySet<Statement>;
  constructor(environment: Environment, prints: ReadonlySet<Statement>) {
    super(environment);
    this.#prints = prints;
  }
  override evaluate(statement: Statement | undefined, environment: Environment): Value {
    const value = super.evaluate(statement, environment);
    if (!statement || !this.#prints.has(statement) || value.type === 'StringValue') return value;
    const text = { type: 'StringLiteral', value: printed(value) };
    return super.evaluate(text, environment);
  }
}

const COMMANDS = ['Set', 'If', 'For', 'Macro', 'CallStatement', 'FilterStatement', 'Break', 'Continue', 'Comment'];

/** The expressions whose values go into the text: those that stand directly in a block, however deep. */
function printsOf(body: Statement[], found = new Set<Statement>()): Set<Statement> {
  for (const statement of body) {
    if (!COMMANDS.includes(statement.type)) found.add(statement);
    for (const block of ['body', 'alternate', 'defaultBlock'] as const) {
      const inner = (statement as Partial<Record<typeof block, Statement[]>>)[block];
      if (Array.isArray(inner)) printsOf(inner, found);
    }
  }
  return found;
}

// Undefined prints as nothing; numbers know themselves whether they are whole (2) or not (2.0).
function printed(value: Value): string {
  if (value.type === 'UndefinedValue') return '';
  return value.type === 'IntegerValue' || value.type === 'FloatValue' ? value.toString() : pythonRepr(plain(value));
}

function plain({ value }: Value): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, item]) => [key, plain(item)]));
  return value;
}
