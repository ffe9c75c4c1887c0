import { unzipSync, zipSync } from 'fflate';

/**
 * Code that the harnesses of operations share: the outcome as bytes, and folders as zip files. Runs inside an isolate.
 *
 * An outcome is one buffer: four bytes with the length of the head (big-endian), the head as JSON, then the blobs in the order of the
 * head. src/runtime/operations/operation-outcome.ts reads it on the other side and trusts none of it.
 */

/** Bytes of a packed outcome: the platform passes at most 32 MiB at once, and the outputs of one node plus a script must fit the next. */
export const OUTCOME_BYTES = 31 * 1024 * 1024;

/**
 * Packs an outcome. When the outputs do not fit, the outcome is a failure with the logs and the reason.
 * @param {{ exitCode: number, error?: string }} head
 * @param {{ kind: 'output' | 'log', name: string, bytes: Uint8Array }[]} blobs
 * @returns {ArrayBuffer}
 */
export function packOutcome(head, blobs) {
  const list = blobs.map(({ kind, name, bytes }) => ({ kind, name, size: bytes.byteLength }));
  const text = new TextEncoder().encode(JSON.stringify({ ...head, blobs: list }));
  const size = 4 + text.byteLength + blobs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const logs = blobs.filter(({ kind }) => kind === 'log');
  if (size > OUTCOME_BYTES && logs.length < blobs.length) {
    const error = `The outputs and logs have more than ${OUTCOME_BYTES} bytes together`;
    return packOutcome({ ...head, exitCode: head.exitCode || 1, error: head.error ?? error }, logs);
  }
  const packed = new Uint8Array(size);
  new DataView(packed.buffer).setUint32(0, text.byteLength);
  packed.set(text, 4);
  let at = 4 + text.byteLength;
  for (const { bytes } of blobs) {
    packed.set(bytes, at);
    at += bytes.byteLength;
  }
  return packed.buffer;
}

/** Returns the files of a zip by their path inside it, without empty folders. Throws for a path that leaves the folder. */
export function unzipFolder(bytes) {
  const files = Object.entries(unzipSync(bytes)).filter(([path]) => !path.endsWith('/'));
  return files.map(([path, content]) => {
    const steps = path.split('/').filter((step) => step !== '' && step !== '.');
    if (steps.includes('..')) throw new Error(`The zip file has the path ${path}`);
    return [steps.join('/'), content];
  });
}

/** Builds a zip from files by path. */
export const zipFolder = (files) => zipSync(Object.fromEntries(files));

/** Returns one message for any thrown value. */
export function messageOf(error) {
  try {
    return String(error instanceof Error ? `${error.name}: ${error.message}` : error);
  } catch {
    return 'Unknown error';
  }
}
