import { TIMED_OUT, withTimeout } from './with-timeout';

/** Checks for a response whose body is a stream of unknown length without a type, as an upstream without an answer may send. */
export const isUntypedStream = (answer: unknown): answer is Response & { body: ReadableStream } =>
  answer instanceof Response &&
  answer.body !== null &&
  !answer.headers.has('content-type') &&
  !answer.headers.has('content-length');

/**
 * Returns the response without its body when the stream ends before its first byte: the default type of bytes may not be allowed. Resolves to
 * TIMED_OUT when neither comes within `ms`.
 */
export async function withoutEmptyStream(
  response: Response & { body: ReadableStream },
  ms: number,
): Promise<Response | typeof TIMED_OUT> {
  const [peeked, body] = response.body.tee();
  const reader = peeked.getReader();
  // A stream that breaks breaks in its other branch as well.
  const first = await withTimeout(
    reader.read().catch(() => null),
    ms,
  );
  const isOver = first === TIMED_OUT || first?.done === true;
  for (const branch of isOver ? [reader, body] : [reader]) void branch.cancel().catch(() => undefined);
  return first === TIMED_OUT ? first : new Response(isOver ? null : body, response);
}
