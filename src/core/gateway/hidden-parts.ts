import type { FinishedCall } from '../runs/to-run-record';
import { compileSecrets, joinSecrets, NO_SECRETS, type SecretForms } from '../runs/secret-forms.rules';
import { NOTHING_HIDDEN } from '../runs/redact.rules';
import { isSensitiveName } from '../runs/sensitive-name.rules';
import type { CallContext } from './call';
import { COOKIE_HEADER, listedCookies } from './cookie.rules';

type HiddenParts = Pick<FinishedCall, 'hidden' | 'sensitiveValues' | 'sensitiveSegments' | 'log'>;

const NO_SEGMENTS: ReadonlySet<number> = new Set();
const NO_VALUES: readonly unknown[] = [];
/** Maximum number of texts of sensitive parameters that are searched for in a record, and of characters in all of them. */
const MAX_TEXTS = 500;
const MAX_CHARS = 1_048_576;

/**
 * Collects the values that must not be in the record of a call: sensitive parameters under any name and in the path, listed secrets, and
 * the caller's credentials. Where sensitive parameters have more texts than can be searched for, the record keeps metadata only.
 */
export function hiddenParts(call: CallContext): HiddenParts {
  const { sensitive, log } = call.definition;
  const presented = presentedValues(call);
  const listed = secretsOf(call.definition.env);
  const known = presented.length === 0 ? listed : joinSecrets(listed, compileSecrets(presented));
  // Most endpoints: every record is made by the isolate that answers calls.
  if (sensitive.size === 0) {
    const hidden = known === NO_SECRETS ? NOTHING_HIDDEN : { names: sensitive, secrets: known };
    return { hidden, sensitiveValues: NO_VALUES, sensitiveSegments: NO_SEGMENTS, log };
  }
  const segments = sensitiveSegments(call);
  const values = [...sensitive].flatMap((name) => (Object.hasOwn(call.params, name) ? [call.params[name]] : []));
  // A call that was refused early has no parameters yet, and the refusal may repeat a part of its path.
  const texts = textsIn([values, call.request.path.split('/').filter((_, index) => segments.has(index))]);
  const isTooMuch = texts.size > MAX_TEXTS || [...texts].reduce((sum, text) => sum + text.length, 0) > MAX_CHARS;
  return {
    hidden: { names: sensitive, secrets: isTooMuch ? known : joinSecrets(known, compileSecrets(texts)) },
    sensitiveValues: isTooMuch ? [] : values,
    sensitiveSegments: segments,
    log: isTooMuch ? 'metadata' : log,
  };
}

const compiled = new WeakMap<ReadonlyMap<string, string>, SecretForms>();

/** Compiles the listed secrets of an endpoint, once for each definition. */
function secretsOf(env: ReadonlyMap<string, string>): SecretForms {
  if (env.size === 0) return NO_SECRETS;
  const known = compiled.get(env) ?? compileSecrets(env.values());
  compiled.set(env, known);
  return known;
}

/** Collects every text and number in values, at any depth: JSON, which is not nested deeper than the body it came in. */
function textsIn(values: readonly unknown[]): Set<string> {
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') texts.add(String(value));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  values.forEach(collect);
  return texts;
}

/** Returns the indices of path segments that are parameters which may not be recorded. */
function sensitiveSegments({ definition, request, subpath }: CallContext): ReadonlySet<number> {
  const { pathNames, parameters } = definition;
  const called = request.path.slice(0, request.path.length - subpath.length).replace(/\/$/, '');
  const before = called.split('/').length;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const after = inPath.filter(({ name }) => !pathNames.includes(name));
  const own = definition.path.split('/');
  const named = inPath.filter(({ name }) => pathNames.includes(name));
  return new Set([
    ...after.flatMap(({ sensitive }, index) => (sensitive ? [before + index] : [])),
    ...named.flatMap(({ name, sensitive }) => (sensitive ? [before - own.length + own.indexOf(`:${name}`)] : [])),
  ]);
}

/** Generated keys and JWTs are recognized by their form; the others are values that the caller has chosen. */
const KNOWN_FORM = /^(ptk_|ptc_|eyJ)/;

/** Returns credentials as the caller sent them: a handler may have logged one that came in the query. */
function presentedValues({ request, definition }: CallContext): string[] {
  const values = [request.headers.get('x-api-key'), request.headers.get('authorization')?.split(' ').at(-1)];
  if (request.query !== '') {
    for (const [name, value] of new URLSearchParams(request.query)) if (isSensitiveName(name)) values.push(value);
  }
  const { cookies } = definition.answers;
  if (cookies.size > 0)
    values.push(
      ...listedCookies(request.headers.get(COOKIE_HEADER), cookies)
        .split('; ')
        .map((pair) => pair.slice(pair.indexOf('=') + 1)),
    );
  return values.filter((value) => typeof value === 'string' && !KNOWN_FORM.test(value)) as string[];
}
