import { fromBase64Url, toBase64Url } from '../../src/kernel/encoding';

interface Ceremony {
  challenge: string;
  origin: string;
  /** Default: the host of the origin. */
  rpId?: string;
  /** Default: user present and verified. */
  flags?: number;
  /** Default: one more than before. */
  counter?: number;
  type?: string;
  crossOrigin?: boolean;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text).slice();
const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Returns an authenticator of one passkey, ES256, without attestation. */
export async function makeAuthenticator() {
  const keys = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const id = crypto.getRandomValues(new Uint8Array(16));
  const credential = toBase64Url(id);
  let counted = 0;

  const clientDataOf = ({ challenge, origin, crossOrigin, type }: Ceremony, usual: string): Uint8Array<ArrayBuffer> =>
    utf8(JSON.stringify({ type: type ?? usual, challenge: toBase64Url(utf8(challenge)), origin, crossOrigin }));
  const dataOf = async ({ origin, rpId, flags = 0x05, counter }: Ceremony, more: Uint8Array) => {
    counted = counter ?? counted + 1;
    const head = new Uint8Array(5);
    head[0] = more.length > 0 ? flags | 0x40 : flags;
    new DataView(head.buffer).setUint32(1, counted);
    return joined(await sha256(utf8(rpId ?? new URL(origin).hostname)), head, more);
  };
  return {
    credential,
    /** Makes the passkey. Returns the body of `addPasskey`. */
    create: async (ceremony: Ceremony) => ({
      name: 'My laptop',
      credential,
      clientData: toBase64Url(clientDataOf(ceremony, 'webauthn.create')),
      authenticatorData: toBase64Url(
        await dataOf(ceremony, joined(new Uint8Array(16), Uint8Array.of(0, id.length), id)),
      ),
      publicKey: toBase64Url(new Uint8Array((await crypto.subtle.exportKey('spki', keys.publicKey)) as ArrayBuffer)),
      algorithm: -7 as const,
    }),
    /** Signs in. Returns the body of `signInWithPasskey`. */
    get: async (ceremony: Ceremony) => {
      const clientData = clientDataOf(ceremony, 'webauthn.get');
      const authenticatorData = await dataOf(ceremony, new Uint8Array());
      const signed = joined(authenticatorData, await sha256(clientData));
      const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, signed));
      return {
        credential,
        clientData: toBase64Url(clientData),
        authenticatorData: toBase64Url(authenticatorData),
        signature: toBase64Url(toDer(raw)),
      };
    },
  };
}

/** Returns an ECDSA signature over P-256 as authenticators send it. */
export function toDer(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const numbers = [raw.subarray(0, 32), raw.subarray(32)].map((number) => {
    let start = 0;
    while (start < 31 && number[start] === 0) start++;
    const short = number.subarray(start);
    const body = short[0]! >= 0x80 ? joined(Uint8Array.of(0), short) : short;
    return joined(Uint8Array.of(0x02, body.length), body);
  });
  const body = joined(...numbers);
  return joined(Uint8Array.of(0x30, body.length), body);
}

/** Returns base64url bytes with one of them changed. */
export function withByte(text: string, at: number, value: number): string {
  const bytes = fromBase64Url(text);
  bytes[at] = value;
  return toBase64Url(bytes);
}
