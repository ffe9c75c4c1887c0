/** Types of outcome.js, which is JavaScript because it runs inside an isolate unbuilt. */
export const OUTCOME_BYTES: number;
export function packOutcome(
  head: { exitCode: number; error?: string | undefined },
  blobs: { kind: 'output' | 'log'; name: string; bytes: Uint8Array }[],
): ArrayBuffer;
export function unzipFolder(bytes: Uint8Array): [path: string, content: Uint8Array][];
export function zipFolder(files: [path: string, content: Uint8Array][]): Uint8Array;
export function messageOf(error: unknown): string;
