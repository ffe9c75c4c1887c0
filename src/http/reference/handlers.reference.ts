import { IDS, type References } from './reference';

const TYPED = 'export default ({ amount }: { amount: number }) => ({ total: amount * 1.2 })';

export const handlerReferences: References = {
  createHandler: {
    description:
      'The extension of `path` selects the language: `.ts`, `.js`, `.mjs`, `.py`, `.workflow.json`, `.graph.json`. A source that does not parse, or exports nothing that can be called, is 422 with line and column. `warnings` lists possible failures at run time. [What a handler is](/docs/guides/handlers)',
    body: { path: 'pricing/quote.ts', source: TYPED, note: 'First version' },
  },
  checkHandlerSource: {
    description:
      'The errors that would refuse a save at this path, and the warnings of one, with line and column where known. Nothing is saved. At most 10 checks a second and user.',
    body: { path: 'pricing/quote.ts', source: 'export default ({ amount }) => ({ total: amount * })' },
  },
  listHandlers: {
    description: '`path` finds one handler by its whole path, `prefix` those whose path begins with it.',
    query: { prefix: 'pricing/' },
  },
  listHandlerTree: {
    description:
      'Folders with the number of their handlers, then handlers. When all handlers below `under`, at any depth, fit on the page, they are listed themselves, by path.',
    query: { under: 'pricing/' },
  },
  getHandler: {
    description: 'The handler without its sources: its language, its newest version, and the default version.',
    params: { id: IDS.handler },
  },
  getHandlerTypes: {
    description:
      'For the completion and the errors of an editor of JavaScript or TypeScript. An endpoint of the handler is `Portico.Parameters["POST quote"]`.',
    params: { id: IDS.handler },
  },
  updateHandler: {
    description:
      'Endpoints follow, also those that attach it as middleware. The new extension must be of the same language. While a deployed version calls the old path, the change is refused with 409 `in_use`; with `force=true` those steps fail.',
    params: { id: IDS.spareHandler },
    body: { path: 'pricing/spare.js' },
  },
  deleteHandler: {
    description:
      'With all its versions. A handler that an endpoint, a middleware or a `call` step uses is 409 `in_use`, with the list of them.',
    params: { id: IDS.spareHandler },
  },
  listHandlerUses: {
    description: 'Endpoints that are linked to the handler or attach it as middleware, and workflows that call it.',
    params: { id: IDS.handler },
  },
  createHandlerVersion: {
    description:
      'Versions are numbered and never change. The new one is deployed at once, unless `deploy` is false; deploy it later with `PUT /admin/handlers/{id}/default`.',
    params: { id: IDS.handler },
    body: { source: 'export default ({ amount }) => ({ total: amount * 1.19 })', note: 'New tax rate', deploy: false },
  },
  listHandlerVersions: {
    description: 'Without their sources. `isDefault` marks the default version.',
    params: { id: IDS.handler },
  },
  getHandlerVersion: {
    description: 'The source as saved. `latest` in place of a number: of the newest version.',
    params: { id: IDS.handler, version: '1' },
  },
  deleteHandlerVersion: {
    description:
      'Deletes the source too; the number is not reused. The default version, and one that an endpoint pins, is 409 `in_use`.',
    params: { id: IDS.handler, version: '1' },
  },
  deployHandlerVersion: {
    description:
      'Endpoints that follow the default version run it within `FRESHNESS_SECONDS` (5). Deploy an earlier version to roll back.',
    params: { id: IDS.handler },
    body: { version: 2 },
  },
};
