import { stringify } from './json';

/** Names and positions that lead to a value: `['rows', 0, 'price']`. */
export type Path = readonly (string | number)[];

/** Levels of lists and objects within one argument. */
const MAX_LEVELS = 68;
/** Characters of one text: twice as many bytes fit into an RPC call of the platform, which takes 32 MiB. */
const MAX_CHARS = 15_000_000;

/**
 * Thrown for a value that JSON would omit or change: `what` it is, as in "is a Map", and what to write `instead`, which for undefined depends
 * on the purpose of the place.
 */
export class NoJsonForm extends TypeError {
  // Private, not fields: a log would show fields beside the message.
  readonly #parts: readonly [path: Path, what: string, instead: string | undefined];
  constructor(...parts: [path: Path, what: string, instead: string | undefined]) {
    const [path, what, instead] = parts;
    super(`${showPath(path) || 'the value'} ${what}; ${instead ?? 'give it a value'}`);
    this.#parts = parts;
  }
  get path(): Path {
    return this.#parts[0];
  }
  get what(): string {
    return this.#parts[1];
  }
  get instead(): string | undefined {
    return this.#parts[2];
  }
}

/** Formats a path as code: `rows[0].price`. Cuts the middle of a long one. */
export function showPath(path: Path): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    if (!/^[A-Za-z_$][\w$]{0,63}$/.test(part)) return `${before}[${stringify(part.slice(0, 64).toWellFormed())}]`;
    return before === '' ? part : `${before}.${part}`;
  }, '');
  return text.length <= 200 ? text : `${text.slice(0, 120)}…${text.slice(-60)}`;
}

/** Replacements for instances of well-known classes. */
const INSTEAD: Record<string, string> = {
  Map: 'write Object.fromEntries(map)',
  Set: 'write [...set]',
  Promise: 'await it first',
  RegExp: 'write String(x)',
  URL: 'write String(x)',
  URLSearchParams: 'write Object.fromEntries(x)',
  FormData: 'write Object.fromEntries(x)',
  Headers: 'write Object.fromEntries(x)',
  String: 'write x.valueOf()',
  Number: 'write x.valueOf()',
  Boolean: 'write x.valueOf()',
  Generator: 'write [...x]',
  AsyncGenerator: 'write await Array.fromAsync(x)',
  'Array Iterator': 'write [...x]',
  'Map Iterator': 'write [...x]',
  'Set Iterator': 'write [...x]',
};
/**
 * Returns JSON text that has all of `value`. Throws NoJsonForm for the first part that JSON.stringify would omit or change: undefined,
 * functions, symbols, numbers that are not finite, BigInts, holes of lists, getters, hidden fields, instances of classes (also those with a
 * `toJSON`), cycles, lone surrogates, and the name `__proto__`. A Date becomes ISO text. `path` is the position of the value, for the
 * message. `undefinedFields`: object fields that are undefined are omitted without an error, for places where a missing field is ordinary.
 */
export function exactJson(value: unknown, path: Path = [], { undefinedFields = false } = {}): string {
  const at = [...path];
  let left = MAX_CHARS;

  const refuse = (what: string, instead?: string): never => {
    throw new NoJsonForm([...at], what, instead);
  };
  const spend = (chars: number): void => {
    left -= chars;
    if (left < 0) throw new NoJsonForm(path, `has more than ${MAX_CHARS} characters as JSON`, 'send it in parts');
  };

  function write(part: unknown): string {
    switch (typeof part) {
      case 'string':
        return text(part);
      case 'number':
        if (!Number.isFinite(part)) return refuse(`is ${part}`, 'write a finite number, or null for no value');
        spend(8);
        return String(part);
      case 'boolean':
        spend(5);
        return String(part);
      case 'object':
        if (part !== null) return compound(part);
        spend(4);
        return 'null';
      case 'undefined':
        return refuse('is undefined');
      case 'bigint':
        return refuse('is a BigInt', 'write Number(x) or String(x)');
      case 'function':
        return refuse('is a function', 'write the value that you mean');
      case 'symbol':
        return refuse('is a symbol', 'write a string');
    }
  }

  function text(part: string): string {
    if (!part.isWellFormed()) refuse('has a lone surrogate', 'write x.toWellFormed()');
    spend(part.length + 2);
    return stringify(part);
  }

  function compound(part: object): string {
    if (isDate(part)) {
      const iso = toIso(part);
      return iso === null ? refuse('is an invalid Date', 'write a valid one, or null for no value') : text(iso);
    }
    const isList = Array.isArray(part);
    const proto: unknown = Object.getPrototypeOf(part);
    if (proto !== null && proto !== (isList ? Array.prototype : Object.prototype)) return refuse(...describe(part));
    if (at.length - path.length >= MAX_LEVELS)
      refuse('nests deeper than 64 levels, or contains itself', 'write it flatter');
    spend(6);
    return isList ? list(part) : fields(part);
  }

  function list(part: unknown[]): string {
    const names = Reflect.ownKeys(part);
    const items: string[] = [];
    // Own names come in order: positions first, then `length` and others.
    for (const name of names) {
      if (name === 'length') continue;
      const isNext = name === String(items.length);
      at.push(typeof name === 'symbol' ? String(name) : isNext ? items.length : name);
      if (!isNext) {
        if (/^\d+$/.test(String(name))) hole(items.length);
        refuse('is a field of a list', 'write the list as [...x], or an object');
      }
      items.push(write(valueOf(part, name)));
      at.pop();
    }
    if (items.length < part.length) {
      at.push(items.length);
      hole(items.length);
    }
    return `[${items.join(',')}]`;
  }

  function hole(position: number): never {
    at[at.length - 1] = position;
    return refuse('is a hole in a list', 'write null');
  }

  function fields(part: object): string {
    const members: string[] = [];
    for (const name of Reflect.ownKeys(part)) {
      at.push(String(name));
      if (typeof name === 'symbol') return refuse('has a symbol as its name', 'write a string');
      if (name === '__proto__') refuse('cannot have this name', 'write another');
      const key = text(name);
      const item = valueOf(part, name);
      if (item !== undefined || !undefinedFields) members.push(`${key}:${write(item)}`);
      at.pop();
    }
    return `{${members.join(',')}}`;
  }

  function valueOf(part: object, name: string | symbol): unknown {
    const property = Object.getOwnPropertyDescriptor(part, name);
    if (property === undefined) return undefined;
    if (property.get !== undefined || property.set !== undefined)
      refuse('is a getter', 'write its value, as { ...x } does');
    if (property.enumerable !== true) refuse('is hidden (not enumerable)', 'write an ordinary field');
    return property.value;
  }

  return write(value);
}

const isDate = (value: object): value is Date => Object.prototype.toString.call(value) === '[object Date]';

/** Avoids the object's own `toJSON`, which may return anything. */
function toIso(value: Date): string | null {
  try {
    return Date.prototype.toISOString.call(value);
  } catch {
    return null;
  }
}

/** Names an object that has no JSON form, and its replacement. */
export function describe(part: object): [what: string, instead: string] {
  const name = className(part);
  if (part instanceof ArrayBuffer || ArrayBuffer.isView(part) || part instanceof Blob)
    return [`is binary (${name})`, 'write a string, such as base64'];
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name]! : 'write an object of its fields, such as { ...x }';
  return [`is ${/^[AEIO]/i.test(name) ? 'an' : 'a'} ${name}`, instead];
}

function className(part: object): string {
  const { constructor } = part as { constructor?: unknown };
  const name: unknown = typeof constructor === 'function' ? constructor.name : '';
  // Generators and iterators of the language have no class of their own, only a tag.
  if (typeof name === 'string' && name !== '' && name !== 'Object' && name !== 'Iterator') return name.slice(0, 64);
  const tag = Object.prototype.toString.call(part).slice(8, -1);
  if (tag !== 'Object' && tag !== 'Array') return tag.slice(0, 64);
  return Array.isArray(part) ? 'list with a prototype of its own' : 'object that inherits fields';
}
