import { IDS, type References } from './reference';

export const keyReferences: References = {
  createKey: {
    description:
      '`key` of the answer is the only copy: Portico keeps a hash. A value of your own has 32 to 128 of `A-Z a-z 0-9 _ -`. A key opens nothing until an endpoint lists its id in `access.keys`.',
    body: { alias: 'shop' },
  },
  listKeys: { description: 'Without their values. `prefix` is the start of a generated value, to tell keys apart.' },
  getKey: { description: 'Whether it is active, when it expires, when it was changed.', params: { id: IDS.key } },
  updateKey: {
    description:
      '`"key": true` replaces the value by a new one, which is in this answer only; endpoints that accept the key go on doing so, and the old value ends within `FRESHNESS_SECONDS` (5). `"active": false` closes it and keeps it.',
    params: { id: IDS.key },
    body: { key: true, expiresAt: '2099-12-31T23:59:59Z' },
  },
  deleteKey: {
    description:
      'A key that endpoints accept is 409. `force=true` removes it from them; an endpoint without another key is then closed to keys.',
    params: { id: IDS.spareKey },
  },
  listKeyUses: { description: 'The endpoints that accept the key.', params: { id: IDS.key } },
};
