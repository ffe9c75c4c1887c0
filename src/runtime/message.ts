import type { Meta } from './harness/meta-text';
import type { Invocation } from './types';

/** Characters from which facts of a call are sent as UTF-8. */
const LONG_META = 8 << 20;

/**
 * Packs the facts of a call. A text with one character beyond Latin-1 is sent with two bytes for each, so that the largest body would not fit
 * into the 32 MiB of a message [Cloudflare's limit].
 */
export function packMeta({ meta, texts }: Invocation): Meta {
  if (texts !== undefined) return { json: meta, texts };
  return meta.length < LONG_META ? meta : (new TextEncoder().encode(meta).buffer as ArrayBuffer);
}

const MAX_BYTES = 32 << 20;
/** Bytes of a message beside what is counted. */
const FRAME_BYTES = 64 << 10;

/** Checks whether the message of a call is too large, and not that of its result. */
export function isOversized(invocation: Invocation): boolean {
  const { body, files = [] } = invocation;
  const packed = packMeta(invocation);
  const texts =
    packed instanceof ArrayBuffer
      ? []
      : typeof packed === 'string'
        ? [packed]
        : [packed.json, ...packed.texts.map(([, text]) => text)];
  const buffers = [body, packed, ...files.map(({ bytes }) => bytes)].filter((part) => part instanceof ArrayBuffer);
  const bytes = [...texts.map(sentBytes), ...buffers.map(({ byteLength }) => byteLength)];
  return bytes.reduce((sum, each) => sum + each, FRAME_BYTES) > MAX_BYTES;
}

const sentBytes = (text: string): number => (/[^\0-\u00ff]/.test(text) ? 2 : 1) * text.length;

export const SENT_TOO_LONG = 'a call with its body, and the parameters and files in it, takes more than 32 MiB';
export const RETURNED_TOO_LONG = [
  'the result takes more than 32 MiB; a text with a character beyond Latin-1 has two bytes for each;',
  'return a Response with a stream',
].join(' ');

/** Workers send no more in one message. This error has no code. */
export const isTooLong = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Serialized RPC arguments or return values are limited');
