import { unzipSync, zipSync } from 'fflate';

/**
 * What the harnesses of operations share: the outcome as bytes, and folders as zip files. Runs inside an isolate.
 *
 * An outcome is one buffer: four bytes with the length of the head (big-endian), the head as JSON, then the blobs in the order of the
 * head. src/runtime/operations/operation-outcome.ts reads it on the other side and believes nothing in it.
 */

/** Bytes of a packed outcome: the platform hands over 32 MiB at once, and what one node leaves another must be able to take, with its script. */
export const OUTCOME_BYTES = 31 * 1024 * 1024;

/**
 * Packs an outcome. Outputs for which there is no room make it a failure that keeps the logs and says why.
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

/** The files of a zip by their path inside it; folders without files are left out. A path cannot lead out of the folder. */
export function unzipFolder(bytes) {
  const files = Object.entries(unzipSync(bytes)).filter(([path]) => !path.endsWith('/'));
  return files.map(([path, content]) => {
    const steps = path.split('/').filter((step) => step !== '' && step !== '.');
    if (steps.includes('..')) throw new Error(`The zip file has the path ${path}`);
    return [steps.join('/'), content];
  });
}

/** A zip of files by path. */
export const zipFolder = (files) => zipSync(Object.fromEntries(files));

/** What went wrong, in one text, whatever was thrown. */
export function messageOf(error) {
  try {
    return String(error instanceof Error ? `${error.name}: ${error.message}` : error);
  } catch {
    return 'Unknown error';
  }
}
