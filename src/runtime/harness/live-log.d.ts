/** Types of live-log.js, which is JavaScript because it runs inside an isolate unbuilt. */
export function createLiveLog(
  send: (name: string, bytes: Uint8Array) => Promise<void>,
): (name: string, bytes: Uint8Array) => Promise<void> | undefined;
