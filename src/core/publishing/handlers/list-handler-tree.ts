import { readSortedCursor, toSortedPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { toHandler } from './get-handler';
import type { HandlerTreeItem, HandlerTreeQuery } from './handler-tree.schema';

const SORT = 'tree';

/**
 * Lists what is in a folder of handlers: folders, then handlers, each by path. Folders are not used where all handlers in it, at any depth,
 * fit on the page: these are listed by path.
 */
export const listHandlerTree = verb(
  'handler.read',
  async (ctx, { under = '', limit, cursor }: HandlerTreeQuery): Promise<Page<HandlerTreeItem>> => {
    const { handlers } = ctx.store;
    const position = readSortedCursor(cursor, SORT);
    if (position === null) {
      const all = await handlers.under(under, limit + 1);
      if (all.length <= limit)
        return { items: all.map((row) => ({ kind: 'handler', handler: toHandler(row) })), nextCursor: null };
    }
    const entries = await handlers.entries(under, position, limit + 1);
    const { items, nextCursor } = toSortedPage(
      entries,
      limit,
      SORT,
      ({ path, isHandler }) => ({ value: path, id: isHandler ? 'handler' : 'folder' }),
      (entry) => entry,
    );
    const rows = await handlers.atPaths(items.filter(({ isHandler }) => isHandler).map(({ path }) => path));
    const byPath = new Map(rows.map((row) => [row.path, row]));
    return {
      items: items.flatMap(({ path, isHandler, count }): HandlerTreeItem[] => {
        if (!isHandler) return [{ kind: 'folder', path, handlers: count }];
        // Absent: it was deleted or renamed between the two queries.
        const row = byPath.get(path);
        return row === undefined ? [] : [{ kind: 'handler', handler: toHandler(row) }];
      }),
      nextCursor,
    };
  },
);
