import type { References } from './reference';

const SOURCE = 'export default ({ amount }) => ({ total: amount * 1.21 })';

export const byPathReferences: References = {
  getHandlerSource: {
    description:
      'The text of the default version, or of the latest while none is deployed. Slashes in the path stay as they are.',
    params: { path: 'pricing/quote.ts' },
  },
  getHandlerFiles: {
    description:
      'Of the default version, or of the latest while none is deployed. A handler of one file has that one, at `handlers/<path>`; one of many, which a project pushed, has its folder and the files that it imports. With `built=true` also what a push of it to another service sends.',
    params: { path: 'pricing/quote.ts' },
  },
  putHandlerSource: {
    description:
      'The body is the text itself, at most 1 MiB; the extension of the path selects the language. Makes a handler or its next version. A source that equals the latest version makes none. `deploy=false` saves it without deploying.',
    params: { path: 'pricing/quote.ts' },
    text: SOURCE,
  },
  getEndpointByPath: {
    description: 'As `GET /admin/endpoints/{id}`. Where several endpoints answer at the path, `method` names one.',
    params: { path: 'quote' },
  },
  putEndpoint: {
    description:
      'The endpoint has exactly these settings afterwards: those left out get their defaults, except the executor. What a GET answers can be changed and sent back. Of several endpoints at the path it is the one that answers `method`, or without it one of the methods in the body; where none does, a new one. Writes nothing when all settings are as they were.',
    params: { path: 'quote' },
    body: {
      handler: { path: 'pricing/quote.ts' },
      title: 'Quote',
      parameters: [{ name: 'amount', type: 'number', required: true, min: 0, test: 10 }],
    },
  },
  getTableByName: {
    description: 'As `GET /admin/tables/{id}`. A name without a schema is in `public`.',
    params: { name: 'shop.orders' },
  },
  putTable: {
    description:
      'Makes a table, or adds the columns that it lacks. Drops and changes none: a column that is missing or differs is 422. Writes nothing when all is as it was.',
    params: { name: 'shop.orders' },
    body: { schema: 'shop', name: 'orders', columns: [{ name: 'sku', type: 'text', required: true }] },
  },
  putRole: {
    description: 'Writes nothing when the description is as it was.',
    params: { name: 'buyer' },
    body: { description: 'May order' },
  },
};
