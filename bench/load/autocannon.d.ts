/** The part of autocannon that the bench uses; the package has no types. */
declare module 'autocannon' {
  interface Options {
    url: string;
    method: string;
    headers: Record<string, string>;
    body?: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Milliseconds between two checks of the clock: a run ends at most this late. */
    sampleInt: number;
  }
  interface Instance {
    on: ((event: 'response', listener: (client: unknown, status: number, bytes: number, ms: number) => void) => void) &
      ((event: 'reqError', listener: (error: Error) => void) => void);
    stop: () => void;
  }
  const autocannon: (options: Options, done: (error: Error | null) => void) => Instance;
  export default autocannon;
}
