/**
 * Sends what an operation prints to the service while it still runs. What is sent is for people who look meanwhile, and for a node that
 * is canceled: the outcome has the whole text, so nothing here may fail the operation.
 */

/** The first part goes at once, the next ones when one of these is reached. The clock of an isolate that computes stands still. */
const BYTES = 64 * 1024;
const WRITES = 200;
const MS = 1000;
/** More than this is told in the outcome only. */
const MOST_BYTES = 1024 * 1024;

/**
 * @param {(name: string, bytes: Uint8Array) => Promise<void>} send lent by the service
 * @returns {(name: string, bytes: Uint8Array) => Promise<void> | undefined} takes what was written to a log; a promise when it is sent
 *   now; a caller that can wait for it should, so that it gets away
 */
export function createLiveLog(send) {
  const logs = new Map();
  return (name, bytes) => {
    const log = logs.get(name) ?? { parts: [], size: 0, room: MOST_BYTES, sentAt: -Infinity, timer: undefined };
    logs.set(name, log);
    if (bytes.byteLength === 0 || log.room === 0) return undefined;
    const part = bytes.subarray(0, log.room);
    log.parts.push(part);
    log.size += part.byteLength;
    log.room -= part.byteLength;
    const flush = () => sendParts(name, log, send);
    if (log.size >= BYTES || log.parts.length >= WRITES || Date.now() - log.sentAt >= MS) return flush();
    log.timer ??= setTimeout(flush, MS);
    return undefined;
  };
}

async function sendParts(name, log, send) {
  const { parts, size, timer } = log;
  clearTimeout(timer);
  Object.assign(log, { parts: [], size: 0, sentAt: Date.now(), timer: undefined });
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  try {
    await send(name, bytes);
  } catch {
    // The service does not listen any more: the operation has run out of time, or was canceled.
    log.room = 0;
  }
}
