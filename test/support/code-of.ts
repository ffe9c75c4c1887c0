import { ApiError } from '../../src/kernel/errors';

/** The error code that `work` ends in; `done` when it does not. Anything else that is thrown is thrown on. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}
