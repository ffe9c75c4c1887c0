import { IDS, type References } from './reference';

export const keyReferences: References = {
  createKey: {
    description:
      '`key` of the response is the only copy: Portico stores a hash. A value of your own has 32 to 128 of `A-Z a-z 0-9 _ -`. A key is of no use until an endpoint lists its id in `access.keys`.',
    body: { alias: 'shop' },
  },
  listKeys: {
    description:
      'Without their values. `prefix` is the start of a generated value, to tell keys apart. `unusedSince` finds keys that are no longer needed, `expiresAfter` and `expiresBefore` those to renew.',
  },
  getKey: { description: 'Its state, its expiry, and the time of its last change.', params: { id: IDS.key } },
  updateKey: {
    description:
      '`"key": true` replaces the value by a new one, which is in this response only; endpoints that accept the key still do, and the old value stops working within `FRESHNESS_SECONDS` (5). `"active": false` disables the key without deleting it.',
    params: { id: IDS.key },
    body: { key: true, expiresAt: '2099-12-31T23:59:59Z' },
  },
  changeKeys: {
    description:
      'Each is a change of its own, with its entry in the audit trail: a refused one does not stop the others, and the response says why. `undo` of the response takes it back. `dryRun` changes nothing; with a `filter` of the list in the place of `ids`, it returns the plan for all that match, at most 1,000, to be sent as ids.',
    body: { ids: [IDS.key], change: { do: 'switch', active: true } },
  },
  deleteKey: {
    description:
      'A key that endpoints accept is 409. With `force=true` it is removed from them; an endpoint without another key then admits no caller by key.',
    params: { id: IDS.spareKey },
  },
  listKeyUses: { description: 'The endpoints that accept the key.', params: { id: IDS.key } },
};
