import type { IssueCode } from './action';
import type { Reference } from './expression-reader.rules';
import type { Known, Scope } from './scope.rules';

/** A parameter as the checks of expressions know it. */
interface KnownParameter {
  name: string;
  /** True when it always has a value: it is required, or has a default. */
  always: boolean;
}
/** Facts about the endpoint that runs the workflow. Checks of missing facts are skipped. */
export interface Surroundings {
  parameters?: readonly KnownParameter[];
  /** True when `params` has declared parameters only. An endpoint that is not strict passes undeclared body fields on. */
  strict?: boolean;
  /** The endpoint's access level. */
  access?: 'public' | 'key' | 'authenticated' | 'key-or-authenticated';
  /** Number of middleware that run before. */
  middleware?: number;
}
export type Finding = { code: Extract<IssueCode, 'unknown_reference' | 'maybe_missing'>; message: string } | null;

const REQUEST = ['method', 'url', 'path', 'text', 'base64', 'queries', 'endpoint'];
const AUTH: Record<string, readonly string[] | null> = {
  kind: null,
  user: ['id', 'name', 'roles'],
  key: ['id', 'alias'],
};
const ERROR = ['name', 'message', 'cause', 'status', 'step'];

const unknown = (message: string): Finding => ({ code: 'unknown_reference', message });
const missing = (message: string): Finding => ({ code: 'maybe_missing', message });

/** Checks one use of a root. Returns null, or an issue: it cannot exist, or it may be missing and the expression requires it. */
export function checkReference(reference: Reference, scope: Scope, around: Surroundings): Finding {
  const [first, second] = reference.path;
  switch (reference.root) {
    case 'steps':
      return first === undefined
        ? null
        : checkKnown(reference, first, scope.steps, `step ${first}`, 'has no result here');
    case 'vars':
      return first === undefined
        ? null
        : checkKnown(reference, first, scope.vars, `variable ${first}`, 'is not set before');
    case 'params':
      return first === undefined || around.parameters === undefined
        ? null
        : checkParameter(reference, first, around.parameters, around.strict ?? false);
    case 'request':
      return first === undefined || REQUEST.includes(first)
        ? null
        : unknown(`request has no ${first}; it has ${REQUEST.join(', ')}`);
    case 'headers':
      return first === undefined || first === first.toLowerCase()
        ? null
        : unknown(`header names are in lower case: headers[${JSON.stringify(first.toLowerCase())}]`);
    case 'auth':
      return first === undefined ? null : checkAuth(reference, first, second, around);
    case 'loop':
      if (scope.loop === 'none') return unknown('loop exists only inside a loop');
      if (first === undefined || first === 'index' || (first === 'item' && scope.loop === 'item')) return null;
      return unknown(`loop has no ${first} here`);
    case 'error':
      if (!scope.inCatch) return unknown('error exists only inside a catch');
      return first === undefined || ERROR.includes(first)
        ? null
        : unknown(`error has no ${first}; it has ${ERROR.join(', ')}`);
    case 'mw':
      return first === undefined || around.middleware === undefined ? null : checkMiddleware(first, around.middleware);
    case 'body':
    case 'query':
      return null;
  }
}

/** Returns whether the expression allows the value of the first `length` members to be absent. */
function copes(reference: Reference, length: number): boolean {
  const whole = !reference.dynamic && reference.path.length === length && reference.optional.length === length;
  return reference.tested || reference.optional[length] === true || (reference.guarded && whole);
}

function checkKnown(reference: Reference, name: string, known: Known, what: string, absent: string): Finding {
  if (!known.sometimes.has(name)) return unknown(`${what} ${absent}`);
  return known.always.has(name) || copes(reference, 1) ? null : missing(`${what} ${absent} on some path`);
}

function checkParameter(
  reference: Reference,
  name: string,
  parameters: readonly KnownParameter[],
  strict: boolean,
): Finding {
  const parameter = parameters.find((each) => each.name === name);
  if (parameter === undefined && strict) return unknown(`unknown parameter ${name}`);
  if (parameter?.always === true || copes(reference, 1)) return null;
  return missing(
    parameter === undefined ? `parameter ${name} is not declared` : `parameter ${name} is optional and has no default`,
  );
}

function checkAuth(reference: Reference, first: string, second: string | undefined, { access }: Surroundings): Finding {
  const members = Object.hasOwn(AUTH, first) ? AUTH[first] : undefined;
  if (members === undefined) return unknown(`auth has no ${first}; it has ${Object.keys(AUTH).join(', ')}`);
  if (members === null || second === undefined) return null;
  if (!members.includes(second)) return unknown(`auth.${first} has no ${second}; it has ${members.join(', ')}`);
  const always = access === undefined || (first === 'user' ? access === 'authenticated' : access === 'key');
  return always || copes(reference, 1)
    ? null
    : missing(`auth.${first} is null for callers without one; the access level is ${access}`);
}

function checkMiddleware(first: string, count: number): Finding {
  return /^\d+$/.test(first) && Number(first) < count
    ? null
    : first === 'length'
      ? null
      : unknown(`mw[${first}] does not exist: ${count} middleware run before`);
}
