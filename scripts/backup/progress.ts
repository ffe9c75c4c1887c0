/** Milliseconds between two lines. */
const EVERY_MS = 10_000;

/** Returns a function that says how far a long work has come, every ten seconds at most. `now` is the clock. */
export function createProgress(
  say: (text: string) => void,
  now: () => number = Date.now,
): (part: string, bytes: number) => void {
  let last = now();
  let [pieces, sum] = [0, 0];
  return (part, bytes) => {
    pieces += 1;
    sum += bytes;
    if (now() - last < EVERY_MS) return;
    last = now();
    say(`  ${pieces} pieces, ${(sum / 1e6).toFixed(0)} MB: ${part}`);
  };
}
