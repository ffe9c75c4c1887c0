/** Seconds that a test which fills up a window may take. */
const NEEDED = 15;

/** Waits, if need be, until a fixed window of `windowSeconds` is not about to end: a count that starts over in a test is no failure. */
export async function clearOfWindowEnd(windowSeconds: number): Promise<void> {
  const left = windowSeconds - ((Date.now() / 1000) % windowSeconds);
  if (left < NEEDED) await new Promise((resolve) => setTimeout(resolve, (left + 0.1) * 1000));
}
