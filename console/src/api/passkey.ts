import { call, type Answer } from './call';

/** True where this browser can use passkeys. */
export const hasPasskeys = (): boolean => 'PublicKeyCredential' in globalThis;

/** Makes a passkey on this machine, and adds it to the signed-in user. Rejects when the user cancels. */
export async function addPasskey({
  name,
  password,
}: {
  name: string;
  password: string;
}): Promise<Answer<'POST /admin/passkeys'>> {
  const { challenge, rp, user, algorithms, exclude } = await call('POST /admin/passkeys/challenge', {
    body: { password },
  });
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: utf8(challenge),
      rp,
      user: { id: utf8(user.id), name: user.name, displayName: user.name },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: exclude.map((id) => ({ type: 'public-key', id: fromBase64Url(id) })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  })) as PublicKeyCredential | null;
  if (made === null) throw new Error('The browser made no passkey.');
  const response = made.response as AuthenticatorAttestationResponse;
  const publicKey = response.getPublicKey();
  if (publicKey === null) throw new Error('The passkey has a kind of key that this browser cannot read.');
  return call('POST /admin/passkeys', {
    body: {
      name,
      credential: made.id,
      clientData: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.getAuthenticatorData()),
      publicKey: toBase64Url(publicKey),
      // The service refuses others.
      algorithm: response.getPublicKeyAlgorithm() as -7,
    },
  });
}

/** Lets the user choose a passkey of this machine, and signs in with it. */
export async function signInByPasskey(): Promise<Answer<'POST /admin/session/passkey'>> {
  const { challenge, rpId } = await call('POST /admin/session/passkey/challenge', { isSilent: true });
  const found = (await navigator.credentials.get({
    publicKey: { challenge: utf8(challenge), rpId, userVerification: 'required' },
  })) as PublicKeyCredential | null;
  if (found === null) throw new Error('No passkey was chosen.');
  const response = found.response as AuthenticatorAssertionResponse;
  return call('POST /admin/session/passkey', {
    isSilent: true,
    body: {
      credential: found.id,
      clientData: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.authenticatorData),
      signature: toBase64Url(response.signature),
    },
  });
}

/** Says what went wrong in words: browsers name a canceled dialog only by its kind. */
export function passkeyMessage(error: unknown): string {
  if (!(error instanceof DOMException)) return error instanceof Error ? error.message : String(error);
  if (error.name === 'NotAllowedError') return 'No passkey was used: the dialog was closed, or its time was over.';
  if (error.name === 'InvalidStateError') return 'This machine has a passkey for you already.';
  return error.message;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text).slice();

const toBase64Url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
