import { isObject } from '../../kernel/json.rules';

/** The result of an operation, as its isolate reported it. Names and sizes are checked; the contents cannot be. */
export interface OperationOutcome {
  exitCode: number;
  /** Cause of its end, when that was not the script itself; `timeout` at the time limit. */
  error: string | undefined;
  outputs: Map<string, Uint8Array<ArrayBuffer>>;
  logs: Map<string, Uint8Array<ArrayBuffer>>;
}

const HEAD_BYTES = 1024 * 1024 * 2;
const TEXT_LENGTH = 1024 * 1024;

/**
 * Parses the bytes of a harness's `packOutcome`. They come from an isolate that ran foreign code, so everything is checked. Throws a
 * TypeError for anything else.
 */
export function readOutcome(packed: unknown): OperationOutcome {
  if (!(packed instanceof ArrayBuffer) || packed.byteLength < 4)
    throw new TypeError('The operation returned no outcome');
  const headSize = new DataView(packed).getUint32(0);
  if (headSize > HEAD_BYTES || 4 + headSize > packed.byteLength) throw new TypeError('The outcome has no head');
  const head: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(packed, 4, headSize)));
  if (!isObject(head) || !Number.isInteger(head.exitCode) || !Array.isArray(head.blobs)) {
    throw new TypeError('The head of the outcome is malformed');
  }
  const outcome: OperationOutcome = {
    exitCode: Number(head.exitCode),
    error: textOf(head.error),
    outputs: new Map(),
    logs: new Map(),
  };
  let at = 4 + headSize;
  for (const blob of head.blobs) {
    if (!isBlob(blob) || at + blob.size > packed.byteLength) throw new TypeError('A blob of the outcome is malformed');
    outcome[blob.kind === 'output' ? 'outputs' : 'logs'].set(blob.name, new Uint8Array(packed, at, blob.size));
    at += blob.size;
  }
  return outcome;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, TEXT_LENGTH) : undefined);

interface Blob {
  kind: 'output' | 'log';
  name: string;
  size: number;
}
const isBlob = (value: unknown): value is Blob =>
  isObject(value) &&
  (value.kind === 'output' || value.kind === 'log') &&
  typeof value.name === 'string' &&
  Number.isSafeInteger(value.size) &&
  Number(value.size) >= 0;
