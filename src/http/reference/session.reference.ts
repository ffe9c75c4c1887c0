import { IDS, VALUES, type References } from './reference';

export const sessionReferences: References = {
  bootstrap: {
    description:
      'Works once, on a service that has no admin, with the secret `BOOTSTRAP_TOKEN` as the bearer token. From then on admins create users. Attempts per address are limited.',
    body: { name: 'ada', password: 'correct horse battery staple' },
  },
  signIn: {
    description:
      '`accessToken` is for the admin API, `endpointToken` for the endpoints that admit signed-in users; both are valid for 15 minutes. `refreshToken` gets new ones. Attempts per name and address are limited.',
    body: { name: 'ada', password: 'correct horse battery staple' },
  },
  signInWithCookie: {
    description:
      'For pages of this service. The cookie `__Host-portico` counts only in requests of such pages (`Sec-Fetch-Site: same-origin`), and never beside a bearer token. It is valid for 7 days. Over plain http it is `portico-<port>`, and valid for 12 hours. Attempts are limited as those of signing in. With `flow`, it signs in whom an identity provider has sent back.',
    body: { name: 'ada', password: 'correct horse battery staple' },
  },
  challengePasskey: {
    description: 'For `navigator.credentials.get`. Nothing is stored. [How a browser uses it](/docs/guides/passkeys)',
  },
  signInWithPasskey: {
    description:
      'Takes the response of `navigator.credentials.get`, and sets the cookie of signInWithCookie. A passkey accepts each challenge once. A response of another origin or service, without a verified user, or with a counter that went back is 401.',
    body: {
      credential: VALUES.credential,
      clientData: VALUES.signInClientData,
      authenticatorData: VALUES.signInAuthenticatorData,
      signature: VALUES.signature,
    },
  },
  listPasskeys: { description: 'Oldest first, at most 20.' },
  preparePasskey: {
    description: 'For `navigator.credentials.create`, without attestation. Requires your password.',
    body: { password: 'correct horse battery staple' },
  },
  addPasskey: {
    description:
      'Takes the response of `navigator.credentials.create`. Passwords stay: a passkey is a second way to sign in.',
    body: {
      name: 'My laptop',
      credential: VALUES.credential,
      clientData: VALUES.addClientData,
      authenticatorData: VALUES.addAuthenticatorData,
      publicKey: VALUES.publicKey,
      algorithm: -7,
    },
  },
  removePasskey: {
    description: 'It does not sign in from then on. Sessions that it opened go on.',
    params: { id: IDS.passkey },
  },
  refreshSession: {
    description:
      'A refresh token works once; the response has the next one. A second use ends the session, because the token may have been stolen.',
    body: { refreshToken: VALUES.refreshToken },
  },
  getSession: { description: 'The signed-in user, and the actions that their roles permit, for user interfaces.' },
  changePassword: {
    description: 'Requires your current password. Your other sessions end; this one continues.',
    body: { password: 'correct horse battery staple', newPassword: 'incorrect horse battery staple' },
  },
  listSessions: {
    description: 'Sign-ins that have not ended: browsers with their cookie, programs with their tokens.',
  },
  endSession: {
    description: 'Its tokens or its cookie are refused from the next request on.',
    params: { id: IDS.session },
  },
  endOtherSessions: { description: 'Every session of yours but that of this request; after a device was lost.' },
  signOut: { description: 'Ends this session: its access token, endpoint token and refresh token, or its cookie.' },
};
