import { stringify } from './json';

/*
 * Formats values as text for logs and errors. Plain data is JSON; other values look as in JavaScript consoles: `Map(1) {"a" => 1}`,
 * `Point {"x":1}`, an error with its stack, its fields and its causes. Runs no getters; `limit` bounds the work.
 */

/** Maximum of nested levels (lists, objects, causes), and of items per level. */
const LEVELS = 8;
const ITEMS = 100;
/** A method with which an object formats itself in Node's consoles. */
const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

interface Writer {
  text: string;
  limit: number;
  /** The objects that contain the current one. */
  around: object[];
}
/** Thrown when the text has reached its limit. */
const FULL = Symbol('full');

/** Returns text for any value, at most `limit` characters. Never throws. */
export function inspect(value: unknown, limit: number): string {
  const out: Writer = { text: '', limit, around: [] };
  try {
    show(out, value);
  } catch (error) {
    if (error !== FULL) out.text += '[not readable]';
  }
  return out.text.slice(0, limit);
}

/** Describes a value that was thrown and is not an error. */
export const describeThrown = (value: unknown, limit: number): string =>
  value instanceof Response
    ? `a Response (${value.status}) was thrown`
    : typeof value === 'string'
      ? value.slice(0, limit)
      : inspect(value, limit);

function put(out: Writer, text: string): void {
  out.text += text;
  if (out.text.length >= out.limit) throw FULL;
}

function show(out: Writer, value: unknown): void {
  switch (typeof value) {
    case 'string':
      // Escape only the part of a long text that fits.
      return put(out, stringify(value.slice(0, out.limit - out.text.length)));
    case 'number':
      return put(out, Object.is(value, -0) ? '-0' : String(value));
    case 'bigint':
      return put(out, `${value}n`);
    case 'function':
      return put(out, nameOfFunction(value));
    case 'object':
      return value === null ? put(out, 'null') : showObject(out, value);
    default:
      return put(out, String(value));
  }
}

function nameOfFunction(value: object): string {
  const { name } = value as { name?: unknown };
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  const kind = isClass ? 'class' : 'Function:';
  return `[${kind} ${typeof name === 'string' && name !== '' ? name.slice(0, 100) : '(anonymous)'}]`;
}

/** Errors thrown while an object is inspected come from the object itself: a proxy, or a method that was replaced. */
function showObject(out: Writer, value: object): void {
  if (out.around.includes(value)) return put(out, '[Circular]');
  if (out.around.length >= LEVELS) return put(out, Array.isArray(value) ? '[Array]' : '[Object]');
  const { length } = out.text;
  out.around.push(value);
  try {
    showKind(out, value);
  } catch (error) {
    if (error === FULL) throw error;
    out.text = out.text.slice(0, length);
    put(out, '[not readable]');
  } finally {
    out.around.pop();
  }
}

function showKind(out: Writer, value: object): void {
  if (value instanceof Error) return showError(out, value);
  if (value instanceof Date) return put(out, Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString());
  if (value instanceof RegExp || value instanceof URL) return put(out, String(value));
  const name = nameOfClass(value);
  if (Array.isArray(value)) return showList(out, name === 'Array' ? '' : `${name}(${value.length}) `, value);
  if (value instanceof Map)
    return showItems(out, `${name}(${value.size}) {`, value.entries(), value.size, showPair, '}');
  if (value instanceof Set) return showItems(out, `${name}(${value.size}) {`, value.values(), value.size, show, '}');
  if (value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData)
    return showItems(out, `${name} {`, value.entries(), null, showPair, '}');
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return showList(out, `${name}(${(value as Uint8Array).length}) `, value as Uint8Array);
  if (value instanceof ArrayBuffer || value instanceof DataView) return put(out, `${name}(${value.byteLength} bytes)`);
  if (isBoxed(value)) return put(out, `[${name}: ${String(value.valueOf())}]`);
  const fields = fieldsOfPlatform(value);
  if (fields !== null) return showFields(out, `${name} `, fields);
  const own = ownForm(value);
  if (own !== null) return own.isText ? put(out, String(own.shown)) : show(out, own.shown);
  return showFields(out, name === '' || name === 'Object' ? '' : `${name} `, value);
}

/** Returns the object's own representation: from its method for Node's consoles, or from `toJSON`. */
function ownForm(value: object): { shown: unknown; isText: boolean } | null {
  const { [CUSTOM]: custom, toJSON } = value as { [CUSTOM]?: unknown; toJSON?: unknown };
  if (typeof custom === 'function') {
    const shown: unknown = custom.call(value, 2, {}, (part: unknown) => inspect(part, 1000));
    if (shown !== value) return { shown, isText: typeof shown === 'string' };
  }
  return typeof toJSON === 'function' ? { shown: toJSON.call(value, '') as unknown, isText: false } : null;
}

const isBoxed = (value: object): boolean =>
  value instanceof Number || value instanceof String || value instanceof Boolean || Object(value) instanceof BigInt;

/** Objects of the platform keep their values behind getters of their class. */
function fieldsOfPlatform(value: object): object | null {
  if (value instanceof Response) return { status: value.status, url: value.url, headers: value.headers };
  if (value instanceof Request) return { method: value.method, url: value.url, headers: value.headers };
  if (value instanceof File) return { name: value.name, type: value.type, size: value.size };
  return value instanceof Blob ? { type: value.type, size: value.size } : null;
}

function nameOfClass(value: object): string {
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto === null || proto === Object.prototype) return '';
  const { constructor } = value as { constructor?: unknown };
  const name = typeof constructor === 'function' ? constructor.name : '';
  if (typeof name === 'string' && name !== '') return name.slice(0, 100);
  return Object.prototype.toString.call(value).slice(8, -1);
}

function showPair(out: Writer, [name, value]: [unknown, unknown]): void {
  show(out, name);
  put(out, ' => ');
  show(out, value);
}

function showItems<T>(
  out: Writer,
  open: string,
  items: Iterable<T>,
  size: number | null,
  each: (out: Writer, item: T) => void,
  close: string,
): void {
  put(out, open);
  let count = 0;
  for (const item of items) {
    if (count > 0) put(out, ',');
    if (count++ === ITEMS) {
      put(out, size === null ? '… more' : `… ${size - ITEMS} more`);
      break;
    }
    each(out, item);
  }
  put(out, close);
}

/** Formats a list with its holes, without a walk through the holes of a long one. */
function showList(out: Writer, prefix: string, list: ArrayLike<unknown>): void {
  put(out, `${prefix}[`);
  const count = Math.min(list.length, ITEMS);
  for (let at = 0; at < count; at++) {
    if (at > 0) put(out, ',');
    if (at in list) show(out, list[at]);
    else put(out, '<empty>');
  }
  if (list.length > count) put(out, `,… ${list.length - count} more`);
  put(out, ']');
}

function showFields(out: Writer, prefix: string, object: object): void {
  put(out, `${prefix}{`);
  let count = 0;
  for (const name of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property?.enumerable !== true) continue;
    if (count > 0) put(out, ',');
    if (count++ === ITEMS) {
      put(out, '… more');
      break;
    }
    put(out, `${typeof name === 'symbol' ? `[${String(name)}]` : stringify(name)}:`);
    if ('value' in property) show(out, property.value);
    else put(out, property.get === undefined ? '[Setter]' : '[Getter]');
  }
  put(out, '}');
}

/** Shown by name. */
const PARTS_OF_ERRORS = new Set(['name', 'message', 'stack', 'cause', 'errors', 'error', 'suppressed']);

/** Formats an error: its name and message, the handler's own frames, its fields, and its nested errors. */
function showError(out: Writer, error: Error): void {
  put(out, stackOf(error));
  const fields = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(
    ([name, { enumerable, get, value }]) =>
      enumerable === true && !PARTS_OF_ERRORS.has(name) && (get !== undefined || value !== undefined),
  );
  if (fields.length > 0) showFields(out, '\n  ', Object.defineProperties({}, Object.fromEntries(fields)));
  for (const name of ['cause', 'errors', 'error', 'suppressed']) {
    const property = Object.getOwnPropertyDescriptor(error, name);
    if (property === undefined || !('value' in property) || property.value === undefined) continue;
    put(out, `\n  [${name}]: `);
    show(out, property.value);
  }
}

function stackOf(error: Error): string {
  const name = String(error.name);
  const message = String(error.message);
  const header = name === '' ? message : message === '' ? name : `${name}: ${message}`;
  const stack = typeof error.stack === 'string' ? error.stack : '';
  // A stack is captured when its error is created, and does not follow later changes of name or message.
  return stack.includes(message) && stack.includes(name) ? ownFrames(stack) : header + frameLines(stack);
}

const FRAME = /^\s+at /;
const OWN_FRAME = /\b(?:handler|operation)\.js:\d+/;

/** Returns a stack without the frames around a handler. */
export const ownFrames = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => !FRAME.test(line) || OWN_FRAME.test(line))
    .join('\n');

const frameLines = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => FRAME.test(line) && OWN_FRAME.test(line))
    .map((line) => `\n${line}`)
    .join('');
