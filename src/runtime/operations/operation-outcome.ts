import { isObject } from '../../kernel/json.rules';

/** What an operation left, as its isolate told it. Names and sizes are checked; that it is true is for nobody to promise. */
export interface OperationOutcome {
  exitCode: number;
  /** Why it ended, when it was not the script's own doing; `timeout` at the time limit. */
  error: string | undefined;
  outputs: Map<string, Uint8Array<ArrayBuffer>>;
  logs: Map<string, Uint8Array<ArrayBuffer>>;
}

const HEAD_BYTES = 1024 * 1024 * 2;
const TEXT_LENGTH = 1024 * 1024;

/**
 * Reads the bytes that a harness's `packOutcome` made. They come out of an isolate that ran foreign code, so everything is checked:
 * throws a TypeError for what is no outcome.
 */
export function readOutcome(packed: unknown): OperationOutcome {
  if (!(packed instanceof ArrayBuffer) || packed.byteLength < 4)
    throw new TypeError('The operation answered no outcome');
  const headSize = new DataView(packed).getUint32(0);
  if (headSize > HEAD_BYTES || 4 + headSize > packed.byteLength) throw new TypeError('The outcome has no head');
  const head: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(packed, 4, headSize)));
  if (!isObject(head) || !Number.isInteger(head.exitCode) || !Array.isArray(head.blobs)) {
    throw new TypeError('The head of the outcome has another form');
  }
  const outcome: OperationOutcome = {
    exitCode: Number(head.exitCode),
    error: textOf(head.error),
    outputs: new Map(),
    logs: new Map(),
  };
  let at = 4 + headSize;
  for (const blob of head.blobs) {
    if (!isBlob(blob) || at + blob.size > packed.byteLength)
      throw new TypeError('A blob of the outcome has another form');
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
