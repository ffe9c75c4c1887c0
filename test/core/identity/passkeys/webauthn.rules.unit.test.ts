import { describe, expect, test } from 'vitest';
import { verifyAssertion } from '../../../../src/core/identity/passkeys/verify-assertion';
import {
  isLaterCounter,
  rawSignature,
  readAuthenticatorData,
  readClientData,
  readCredentialId,
} from '../../../../src/core/identity/passkeys/webauthn.rules';
import { fromBase64Url, toBase64Url } from '../../../../src/kernel/encoding';
import { makeAuthenticator, toDer, withByte } from '../../../support/authenticator';

const ORIGIN = 'https://portico.example';
const CEREMONY = { challenge: 'c.h.a', origin: ORIGIN };
const authenticator = await makeAuthenticator();
const created = await authenticator.create(CEREMONY);

test('client data answers its challenge, for its ceremony and origin only', async () => {
  const { clientData } = await authenticator.get(CEREMONY);
  expect(readClientData(clientData, 'webauthn.get', ORIGIN)).toBe('c.h.a');
  expect(readClientData(clientData, 'webauthn.create', ORIGIN)).toBeNull();
  expect(readClientData(clientData, 'webauthn.get', 'https://portico.example:8443')).toBeNull();
  expect(readClientData(clientData, 'webauthn.get', 'https://evil.example')).toBeNull();
  const framed = await authenticator.get({ ...CEREMONY, crossOrigin: true });
  expect(readClientData(framed.clientData, 'webauthn.get', ORIGIN)).toBeNull();
});

test.each(['', '!', 'bnVsbA', 'W10', 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0', '_w'])('%j is no client data', (text) => {
  expect(readClientData(text, 'webauthn.get', ORIGIN)).toBeNull();
});

describe('authenticator data', () => {
  test('gives the counter for its rp and a verified user', async () => {
    const data = (more: object) => authenticator.get({ ...CEREMONY, ...more });
    const { authenticatorData } = await data({ counter: 70_000 });
    expect(readAuthenticatorData(authenticatorData, 'portico.example')).toBe(70_000);
    expect(readAuthenticatorData(authenticatorData, 'example')).toBeNull();
    for (const flags of [0x00, 0x01, 0x04])
      expect(readAuthenticatorData((await data({ flags })).authenticatorData, 'portico.example')).toBeNull();
    const cut = toBase64Url(fromBase64Url(authenticatorData).subarray(0, 36));
    expect(readAuthenticatorData(cut, 'portico.example')).toBeNull();
    expect(readAuthenticatorData('!', 'portico.example')).toBeNull();
  });

  test('of a registration names its credential', async () => {
    expect(readCredentialId(created.authenticatorData)).toBe(authenticator.credential);
    expect(readCredentialId((await authenticator.get(CEREMONY)).authenticatorData)).toBeNull();
    expect(readCredentialId(withByte(created.authenticatorData, 54, 200))).toBeNull();
    expect(readCredentialId('!')).toBeNull();
  });
});

test.each([
  [1, 0, true],
  [0, 0, true],
  [7, 7, false],
  [6, 7, false],
  [0, 7, false],
])('a counter of %i after %i: %s', (counter, known, isLater) => {
  expect(isLaterCounter(counter, known)).toBe(isLater);
});

test('a signature in DER is that of two numbers, whatever their length', () => {
  const raw = (first: number[], second: number[]): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(64);
    bytes.set(first, 32 - first.length);
    bytes.set(second, 64 - second.length);
    return bytes;
  };
  for (const numbers of [raw([1], [2, 3]), raw([0x80], [0xff, 0]), raw(Array(32).fill(0xff), Array(32).fill(1))])
    expect(rawSignature(toDer(numbers))).toEqual(numbers);
  const der = toDer(raw([1], [2]));
  for (const wrong of [[], [0x30], der.subarray(0, -1), [...der, 0], [0x31, ...der.subarray(1)], [0x30, 4, 2, 0, 2, 0]])
    expect(rawSignature(Uint8Array.from(wrong))).toBeNull();
});

test('only the signature of the key over these bytes verifies', async () => {
  const key = { algorithm: -7, spki: created.publicKey } as const;
  const signed = await authenticator.get(CEREMONY);
  expect(await verifyAssertion(key, signed)).toBe(true);
  const other = await (await makeAuthenticator()).create(CEREMONY);
  expect(await verifyAssertion({ ...key, spki: other.publicKey }, signed)).toBe(false);
  expect(await verifyAssertion({ algorithm: -257, spki: created.publicKey }, signed)).toBe(false);
  expect(await verifyAssertion({ ...key, spki: 'AAAA' }, signed)).toBe(false);
  const later = withByte(signed.authenticatorData, 36, 9);
  expect(await verifyAssertion(key, { ...signed, authenticatorData: later })).toBe(false);
  expect(await verifyAssertion(key, { ...signed, signature: 'AAAA' })).toBe(false);
});

test('an RS256 signature verifies as it is', async () => {
  const kind = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  };
  const { publicKey, privateKey } = (await crypto.subtle.generateKey(kind, true, ['sign', 'verify'])) as CryptoKeyPair;
  const { clientData, authenticatorData } = await authenticator.get(CEREMONY);
  const hash = await crypto.subtle.digest('SHA-256', fromBase64Url(clientData));
  const bytes = Uint8Array.from([...fromBase64Url(authenticatorData), ...new Uint8Array(hash)]);
  const signature = toBase64Url(new Uint8Array(await crypto.subtle.sign(kind.name, privateKey, bytes)));
  const spki = toBase64Url(new Uint8Array((await crypto.subtle.exportKey('spki', publicKey)) as ArrayBuffer));
  expect(await verifyAssertion({ algorithm: -257, spki }, { clientData, authenticatorData, signature })).toBe(true);
});
