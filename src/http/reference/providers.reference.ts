import { IDS, type References } from './reference';

const identity = { provider: 'acme', subject: '00u1a2b3c4' };

export const providerReferences: References = {
  offerProviders: { description: 'For the page to sign in: active providers by name.' },
  beginAuthorization: {
    description:
      'Send the browser to `url`, and keep `flow`. The provider sends it to `/console/signed-in` with `code` and `state`, which `POST /admin/session/cookie` takes together with `flow`. 503 while the provider is unavailable.',
    body: { provider: 'acme' },
  },
  listProviders: { description: 'Active or not, without their client secrets; a service has at most 20.' },
  getProvider: { description: 'Its settings, without the client secret.', params: { name: 'acme' } },
  putProvider: {
    description:
      'An OpenID provider with discovery. Register `redirectUri` of the response there. `admit` decides who may sign in; the first sign-in of a person makes a user. The user has exactly the `roles` of their groups, from each sign-in on. 422 for an issuer that is not at a public host.',
    params: { name: 'acme' },
    body: {
      label: 'Acme',
      issuer: 'https://login.example.com',
      clientId: 'portico',
      clientSecret: 'the secret of the client',
      roles: { Platform: 'developer' },
      admit: { groups: ['Platform'] },
    },
  },
  deleteProvider: {
    description: 'Its users stay, but no longer sign in with it, and their sessions end.',
    params: { name: 'acme' },
  },
  listIdentities: { description: 'Providers, and the subjects that the user is there.', params: { id: IDS.user } },
  addIdentity: {
    description:
      'For a user who exists: without it, the first sign-in with the account makes a new one. `subject` is the claim `sub`. 409 `name_taken` where a user has the account.',
    params: { id: IDS.user },
    body: identity,
  },
  removeIdentity: {
    description: 'The next sign-in with the account makes a new user, if the provider admits the person.',
    params: { id: IDS.user },
    query: identity,
  },
};
