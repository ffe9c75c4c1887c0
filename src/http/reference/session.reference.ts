import { VALUES, type References } from './reference';

export const sessionReferences: References = {
  bootstrap: {
    description:
      'Works once, on a service that has no admin, with the secret `BOOTSTRAP_TOKEN` as the bearer token. From then on admins create users. Attempts are limited by address.',
    body: { name: 'ada', password: 'correct horse battery staple' },
  },
  signIn: {
    description:
      '`accessToken` opens the admin API, `endpointToken` the endpoints that let in signed-in users; both are good for 15 minutes. `refreshToken` gets new ones. Attempts are limited by name and address.',
    body: { name: 'ada', password: 'correct horse battery staple' },
  },
  refreshSession: {
    description:
      'A refresh token works once; the answer has the next one. Using one a second time ends the session, because somebody else may have it.',
    body: { refreshToken: VALUES.refreshToken },
  },
  getSession: { description: 'Who you are, and which actions your roles permit: what a user interface may offer.' },
  changePassword: {
    description: 'Asks for the password you have now. Your other sessions end; this one goes on.',
    body: { password: 'correct horse battery staple', newPassword: 'incorrect horse battery staple' },
  },
  signOut: { description: 'Ends this session: its access token, endpoint token and refresh token.' },
};
