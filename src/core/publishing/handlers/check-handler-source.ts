import { actorLabel } from '../../access/permissions';
import { verb } from '../../access/verb';
import { ApiError, limitIssues } from '../../../kernel/errors';
import { languageOf } from '../../code/artifact';
import { prepareSource } from './prepare-source';
import type { CheckedSource, CheckSourceInput } from './handler.schema';

/** Checks per second and user: a check of Python starts an isolate. */
const CHECKS_A_SECOND = 10;

/**
 * Checks a source as a save at this path would, and saves nothing. Returns the errors that would refuse it, and the warnings. Throws 429 beyond
 * 10 checks a second and user.
 */
export const checkHandlerSource = verb(
  'handler.write',
  async (ctx, input: CheckSourceInput): Promise<CheckedSource> => {
    const { allowed, retryAfterSeconds } = await ctx.limiter.take(
      `checks ${actorLabel(ctx.actor)}`,
      CHECKS_A_SECOND,
      1,
    );
    if (!allowed)
      throw new ApiError('rate_limited', `At most ${CHECKS_A_SECOND} checks a second. Try again in a second.`, {
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    const { path, source } = input;
    try {
      const { warnings } = await prepareSource(ctx, { language: languageOf(path)!, path }, source);
      return { errors: [], warnings: limitIssues(warnings) };
    } catch (error) {
      const isRefused = error instanceof ApiError && ['invalid_source', 'invalid_input'].includes(error.code);
      if (!isRefused) throw error;
      return { errors: limitIssues([...(error.extra.issues ?? [])]), warnings: [] };
    }
  },
);
