import { satisfies, valid } from '@renovatebot/pep440';

/** Version of CPython that scripts run on; a test compares it with Pyodide's. */
export const PYTHON = '3.14.2';
/** Values of PEP 508's environment markers. */
const ENVIRONMENT: Record<string, string> = {
  implementation_name: 'cpython',
  implementation_version: PYTHON,
  os_name: 'posix',
  platform_machine: 'wasm32',
  platform_python_implementation: 'CPython',
  platform_release: '',
  platform_system: 'Emscripten',
  platform_version: '',
  python_full_version: PYTHON,
  python_version: '3.14',
  sys_platform: 'emscripten',
};

const TOKEN = /\s*(?:('[^']*'|"[^"]*")|((?:and|or|in|not\s+in)(?![a-z_])|\(|\)|===|==|~=|!=|<=|>=|<|>)|([a-z_]+))/y;

/**
 * Returns whether a marker of PEP 508 holds in the runtime: `python_version < "3.8" and extra == "x"`. `extras` are those of the requirement
 * that led here. Throws a SyntaxError for text that is not a marker.
 */
export function markerHolds(marker: string, extras: readonly string[] = []): boolean {
  return new Marker(marker, extras).evaluate();
}

type Value = { text: string; isExtra: boolean };

class Marker {
  #at = 0;
  #token: { kind: 'text' | 'word' | 'name' | 'end'; value: string } = { kind: 'end', value: '' };

  readonly #marker: string;
  readonly #extras: readonly string[];

  constructor(marker: string, extras: readonly string[]) {
    this.#marker = marker;
    this.#extras = extras;
  }

  evaluate(): boolean {
    this.#next();
    const holds = this.#either();
    if (this.#token.kind !== 'end') throw this.#error();
    return holds;
  }

  #next(): void {
    TOKEN.lastIndex = this.#at;
    const [whole, text, word, name] = TOKEN.exec(this.#marker) ?? [];
    if (whole === undefined && this.#marker.slice(this.#at).trim() !== '') throw this.#error();
    this.#at += whole?.length ?? 0;
    if (text !== undefined) this.#token = { kind: 'text', value: text.slice(1, -1) };
    else if (word !== undefined) this.#token = { kind: 'word', value: word.replace(/\s+/, ' ') };
    else this.#token = name === undefined ? { kind: 'end', value: '' } : { kind: 'name', value: name };
  }

  #takes(word: string): boolean {
    if (this.#token.kind !== 'word' || this.#token.value !== word) return false;
    this.#next();
    return true;
  }

  #either(): boolean {
    let holds = this.#both();
    while (this.#takes('or')) holds = this.#both() || holds;
    return holds;
  }

  #both(): boolean {
    let holds = this.#one();
    while (this.#takes('and')) holds = this.#one() && holds;
    return holds;
  }

  #one(): boolean {
    if (this.#takes('(')) {
      const holds = this.#either();
      if (!this.#takes(')')) throw this.#error();
      return holds;
    }
    const left = this.#value();
    const { kind, value: operator } = this.#token;
    if (kind !== 'word') throw this.#error();
    this.#next();
    const right = this.#value();
    if (left.isExtra) return this.#extras.includes(right.text) === (operator === '==');
    return holdsBetween(left.text, operator, right.text);
  }

  #value(): Value {
    const { kind, value } = this.#token;
    if (kind !== 'text' && kind !== 'name') throw this.#error();
    this.#next();
    if (kind === 'text') return { text: value, isExtra: false };
    const known = value === 'extra' ? '' : ENVIRONMENT[value];
    if (known === undefined) throw this.#error();
    return { text: known, isExtra: value === 'extra' };
  }

  #error(): SyntaxError {
    return new SyntaxError(`"${this.#marker.slice(0, 200)}" is not an environment marker`);
  }
}

function holdsBetween(left: string, operator: string, right: string): boolean {
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  if (valid(left) !== null && valid(right.replace(/\.\*$/, '')) !== null) return satisfies(left, `${operator}${right}`);
  switch (operator) {
    case '==':
    case '===':
      return left === right;
    case '!=':
      return left !== right;
    default:
      // Texts that are not versions have an order only for versions of a kernel, which there is none of here.
      return false;
  }
}
