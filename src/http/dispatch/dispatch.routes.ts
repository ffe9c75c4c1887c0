import type { Context } from '../../core/access/context';
import { dispatch } from '../../core/gateway/dispatch';
import { DESCRIPTIONS } from './description.routes';
import { newId } from '../../kernel/ids';
import { toApiError, toProblem } from '../wire/errors';

const PREFIX = '/u/';

/** Returns the raw path of a request's URL: percent signs and dots as sent, where a router would decode them. */
export function rawPath(url: string): string {
  const start = pathStart(url);
  if (start === -1) return '/';
  const path = url.slice(start);
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}

const pathStart = (url: string): number => url.indexOf('/', url.indexOf('//') + 2);

/** Checks whether a request is a call of a published endpoint. Most requests are: they skip router and middleware. */
export const isDispatch = (url: string): boolean => url.startsWith(PREFIX, pathStart(url));

/** `ANY /u/<path>`. Always answers. */
export async function dispatchRequest(open: () => Context, request: Request): Promise<Response> {
  let ctx: Context | undefined;
  try {
    ctx = open();
    const target = rawPath(request.url).slice(PREFIX.length);
    const describe = request.method === 'GET' ? DESCRIPTIONS.get(target) : undefined;
    return await (describe ? describe(ctx, request) : dispatch(ctx, request, target, toProblem));
  } catch (error) {
    const requestId = ctx?.requestId ?? newId('req');
    return toProblem(toApiError(error, requestId), requestId).response;
  }
}
