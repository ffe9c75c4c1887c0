import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ApiError, type ErrorCode } from '../../kernel/errors';
import { SAFE_HEADERS, STATUS, toApiError } from '../../http/wire/errors';
import { failed } from './forms';

/**
 * Allows any page to read a response, as PLynx does, whose web client is on another port: browsers never attach credentials by themselves.
 * Not for users without a password, whom any page could name.
 */
export function share(response: Response): Response {
  response.headers.set('access-control-allow-origin', '*');
  return response;
}

/** Builds a JSON response of this wire. PLynx sends it as text/html; clients ignore the content type. */
export const json = (
  body: object,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { ...SAFE_HEADERS, ...headers, 'content-type': 'application/json' },
  });

/** Builds a fragment or page of HTML. Its content security policy disables scripts. */
export const html = (
  body: string,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response =>
  new Response(body, {
    status,
    headers: { ...SAFE_HEADERS, ...headers, 'content-type': 'text/html; charset=utf-8' },
  });

/** Builds the response with the bytes of a file. Browsers must not sniff their type. */
export const bytes = (body: ReadableStream, size: number): Response =>
  new Response(body, {
    headers: {
      ...SAFE_HEADERS,
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'content-disposition': 'attachment',
    },
  });

/** Builds a 400 with its message. */
export const badRequest = (message: string): Response => json(failed(message), 400);

const page = (title: string, text: string): string =>
  `<!doctype html>\n<html lang=en>\n<title>${title}</title>\n<h1>${title.slice(4)}</h1>\n<p>${text}</p>\n`;

/** Builds the 404; PLynx sends a page here, not JSON. */
export const notFoundPage = (): Response =>
  html(
    page(
      '404 Not Found',
      'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
    ),
    404,
  );

export const noMethod = (allow: string): Response =>
  html(page('405 Method Not Allowed', 'The method is not allowed for the requested URL.'), 405, { allow });

/** Builds the response to a preflight. */
export const preflightResponse = (allow: string): Response =>
  new Response(null, {
    headers: {
      allow,
      'access-control-allow-methods': allow,
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    },
  });

/** PLynx's response to missing or wrong credentials. */
export const LOGIN = 'Could not verify your access level for that URL; You have to login with proper credentials';

/** Builds a 401 as text. No browser knows its scheme, so none opens a dialog. */
const unauthorized = (message: string): Response =>
  new Response(message, {
    status: 401,
    headers: {
      ...SAFE_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'www-authenticate': 'PlynxBasic realm="Login Required"',
    },
  });

const NO_ENTRY: readonly ErrorCode[] = ['auth_required', 'invalid_token', 'invalid_credentials'];

/** Renders anything thrown in the format of this wire. The status is Portico's for the error. */
export function toFailed(error: unknown, requestId: string): Response {
  const apiError: ApiError = toApiError(error, requestId);
  if (NO_ENTRY.includes(apiError.code)) return unauthorized(apiError.message);
  return json(failed(apiError.message), STATUS[apiError.code], apiError.extra.headers);
}
