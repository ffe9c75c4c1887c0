/** Longest wait for a caller to take its answer. */
const MAX_MS = 5000;

/**
 * A body whose leaving can be waited for: `left` resolves when its last byte was taken from us on the way to the caller, when the
 * caller is gone, or after 5 s. Without a body there is nothing to watch: one turn of the event loop lets the answer out.
 */
export function trackDelivery(body: string | null): { body: ReadableStream | null; delivered: Promise<void> } {
  if (body === null) return { body, delivered: new Promise((resolve) => setTimeout(resolve, 0)) };
  const bytes = new TextEncoder().encode(body);
  const { readable, writable } = new FixedLengthStream(bytes.length);
  const writer = writable.getWriter();
  const sent = writer.write(bytes).then(() => writer.close());
  const late = new Promise<void>((resolve) => setTimeout(resolve, MAX_MS));
  return { body: readable, delivered: Promise.race([sent.catch(() => undefined), late]) };
}
