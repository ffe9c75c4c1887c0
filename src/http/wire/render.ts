import { SAFE_HEADERS } from './errors';
import type { RouteAnswer } from './route';
import type { WireRequest } from './wire';

/** Converts the result of a route to a response: JSON, empty, or a file. */
export function renderAnswer(answer: RouteAnswer, { requestId }: WireRequest): Response {
  const { status = 200, statusText, body, file } = answer;
  const headers: Record<string, string> = { ...SAFE_HEADERS, 'x-request-id': requestId, ...answer.headers };
  if (file) return renderFile(file, headers);
  if (status === 204) return new Response(null, { status, headers });
  headers['content-type'] = 'application/json';
  const revision: unknown = typeof body === 'object' && body !== null && 'revision' in body ? body.revision : undefined;
  if (typeof revision === 'number') headers.etag = `"${revision}"`;
  // An empty reason phrase would be sent as such, so routes without one keep the platform's.
  return new Response(JSON.stringify(body), { status, headers, ...(statusText === undefined ? {} : { statusText }) });
}

const renderFile = (
  { type, filename, body }: NonNullable<RouteAnswer['file']>,
  headers: Record<string, string>,
): Response =>
  new Response(body, {
    headers: {
      ...headers,
      'content-type': type,
      ...(filename === undefined ? {} : { 'content-disposition': `attachment; filename="${filename}"` }),
    },
  });
