import type { Context } from '../../src/core/access/context';

/** `ctx`, whose commits come after `before`: what another request does between a verb's checks and its write. */
export const delayedBy = (ctx: Context, before: () => Promise<void>): Context => ({
  ...ctx,
  store: {
    ...ctx.store,
    commit: async (...change) => {
      await before();
      return ctx.store.commit(...change);
    },
  },
});
