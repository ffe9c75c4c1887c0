import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Failure, type Exit } from '../failure.ts';
import type { ServiceIssue } from './protocol.ts';

/** Milliseconds before each further try at a service that does not answer. */
const PAUSES_MS = [250, 1000];
/** Milliseconds for one response. */
const TIMEOUT_MS = 60_000;

/** A refusal by the service. */
export class Refused extends Failure {
  readonly status: number;
  readonly code: string;
  readonly issues: readonly ServiceIssue[];
  constructor(status: number, code: string, message: string, issues: readonly ServiceIssue[] = []) {
    super(message, exitOf(status, code));
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

/** Codes of 503 that a wait cures; a proxy sends none. */
const AWAY = ['unavailable', 'no_code'];

function exitOf(status: number, code: string): Exit {
  if (status === 401 || status === 403) return EXIT.denied;
  return status === 503 && AWAY.includes(code) ? EXIT.away : EXIT.failed;
}

/** The admin API of a service. All throw Refused, or a Failure when the service does not answer. */
export interface Service {
  origin: string;
  json: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  text: (path: string) => Promise<string>;
  upload: (path: string, content: string) => Promise<void>;
  /** Returns the response itself, whatever its status. */
  raw: (path: string, init?: RequestInit) => Promise<Response>;
}

/** Opens a service with a credential; null: without one. Throws a Failure for a credential over plain HTTP to another machine. */
export function openService(origin: string, bearer: string | null): Service {
  if (bearer !== null && origin.startsWith('http:') && !isLocal(origin))
    throw new Failure(`${origin} is not https: the token would be readable on the way`, EXIT.usage);
  const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
    send(`${origin}${path}`, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...init,
      headers: { ...(bearer !== null && { authorization: `Bearer ${bearer}` }), ...(init.headers as object) },
    });
  const checked = async (method: string, path: string, init: RequestInit): Promise<string> => {
    const response = await raw(path, { ...init, method });
    const text = await response.text();
    if (!response.ok) throw toRefusal(origin, response.status, text);
    return text;
  };
  return {
    origin,
    raw,
    json: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const headers = { 'content-type': 'application/json' };
      const text = await checked(method, path, body === undefined ? {} : { headers, body: JSON.stringify(body) });
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    text: (path) => checked('GET', path, {}),
    upload: async (path, content) =>
      void (await checked('PUT', path, { body: content, headers: { 'content-type': 'application/octet-stream' } })),
  };
}

export const isLocal = (origin: string): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(origin).hostname);

/** Sends a request, again while the connection is refused: such a request did nothing. */
async function send(url: string, init: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url, init);
    } catch (error) {
      const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
      const pause = PAUSES_MS[tries];
      if (cause.code !== 'ECONNREFUSED' || pause === undefined)
        throw new Failure(`${new URL(url).origin} does not answer: ${cause.code ?? cause.message}`, EXIT.away);
      await sleep(pause);
    }
  }
}

/** Returns the refusal that a response is. */
export function toRefusal(origin: string, status: number, text: string): Refused {
  const { code = 'no_code', detail, errors = [] } = readProblem(text);
  const issues = errors.map(({ pointer, message }) => `\n  ${pointer} ${message}`).join('');
  const hint = status === 401 ? ' Sign in with portico login.' : '';
  return new Refused(
    status,
    code,
    `${origin} refused (${status} ${code}): ${detail ?? text.slice(0, 200)}${hint}${issues}`,
    errors,
  );
}

interface Problem {
  code?: string;
  detail?: string;
  errors?: ServiceIssue[];
}

function readProblem(text: string): Problem {
  try {
    return Object(JSON.parse(text)) as Problem;
  } catch {
    return {};
  }
}
