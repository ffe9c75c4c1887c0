import type { References } from './reference';

export const secretReferences: References = {
  putSecret: {
    description:
      'Creates the secret, or replaces its value; without `value`, it changes the description and roles of a secret that exists. The value is stored encrypted and is in no response. A handler gets it as `ctx.env.NAME` when its endpoint lists it under `secrets`. `roles` limits whose endpoints may list it. With `If-Match: "0"` it only creates, and with the `version` of a secret it only replaces that one.',
    params: { name: 'SHOP_TOKEN' },
    body: { value: 'a value from the shop', description: "The shop's API" },
  },
  listSecrets: { description: 'Names, descriptions and versions; no values.' },
  getSecret: {
    description: 'Its description and the number of its values, without the value.',
    params: { name: 'SHOP_TOKEN' },
  },
  listSecretUses: { description: 'The endpoints that list the secret.', params: { name: 'SHOP_TOKEN' } },
  deleteSecret: {
    description:
      'A secret that endpoints list is 409 `in_use`. With `force=true` it is deleted, and calls of those endpoints are 503 until it exists again.',
    params: { name: 'SHOP_TOKEN' },
  },
};
