import * as z from 'zod';
import { fromBase64 } from '../../../kernel/encoding';

/** A file of a test run, as the form contains it. */
export interface TestFile {
  filename: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const FORM = 'must be {"filename", "type", "text"} or {"filename", "type", "base64"}, or a list of these';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const File = z
  .strictObject({
    filename: z.string().min(1).max(255).default('file'),
    type: z
      .string()
      .regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i)
      .default('application/octet-stream'),
    text: z.string().optional(),
    base64: z.string().regex(BASE64).optional(),
  })
  .refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined));

/** Parses the test value of a file parameter; `issue` gives the expected shape. */
export function readTestFiles(value: unknown): { files: TestFile[] } | { issue: string } {
  const parsed = z
    .array(File)
    .min(1)
    .max(100)
    .safeParse(Array.isArray(value) ? value : [value]);
  if (!parsed.success) return { issue: FORM };
  return {
    files: parsed.data.map(({ filename, type, text, base64 }) => ({ filename, type, bytes: toBytes(text, base64) })),
  };
}

const toBytes = (text: string | undefined, base64: string = ''): Uint8Array<ArrayBuffer> =>
  text === undefined ? fromBase64(base64) : new TextEncoder().encode(text).slice();
