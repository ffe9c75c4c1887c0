/**
 * Sends the output of an operation to the service while it runs, for users who watch it and for a node that is canceled. The outcome has
 * the whole text, so an error here never fails the operation.
 */

/** The first part is sent at once, the next ones when one of these is reached. The clock of a computing isolate does not advance. */
const BYTES = 64 * 1024;
const WRITES = 200;
const MS = 1000;
/** Output beyond this is only in the outcome. */
const MAX_BYTES = 1024 * 1024;

/**
 * @param {(name: string, bytes: Uint8Array) => Promise<void>} send callback of the service
 * @returns {(name: string, bytes: Uint8Array) => Promise<void> | undefined} receives log output; returns a promise when it sends now, which
 *   a caller that can wait should await, so that the send can proceed
 */
export function createLiveLog(send) {
  const logs = new Map();
  return (name, bytes) => {
    const log = logs.get(name) ?? { parts: [], size: 0, room: MAX_BYTES, sentAt: -Infinity, timer: undefined };
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
    // The service stopped listening: the operation has run out of time, or was canceled.
    log.room = 0;
  }
}
