import { ApiError } from '../../kernel/errors';
import type { Definition } from './definition';

/**
 * Throws 503 when an endpoint cannot run what it is made of: `executor_disabled`, or `not_configured` while a secret that it lists cannot
 * be had. Callers are not told which; the run is.
 */
export function assertReady({ executor, lacking }: Pick<Definition, 'executor' | 'lacking'>): void {
  if (executor === null || !executor.active) {
    throw new ApiError('executor_disabled', 'The user whose rights this endpoint runs with is disabled.');
  }
  if (lacking.length > 0) {
    throw new ApiError(
      'not_configured',
      'Something that this endpoint needs is not set up. The run tells what, to those who may read it.',
      {
        forRun: lacking.join('; '),
      },
    );
  }
}
