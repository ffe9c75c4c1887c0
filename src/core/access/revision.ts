import { ApiError } from '../../kernel/errors';

/** `If-Match` of a write: a revision, or null when the caller did not send one. */
export type IfMatch = number | null;

/** Returns the 412 of a change that was based on another revision than the stored one, `current`. */
export const staleRevision = (current: number): ApiError =>
  new ApiError(
    'stale_revision',
    `This resource has changed since you read it (now revision ${current}). Fetch it again and retry.`,
  );

/** Throws 412 for a write that was based on an older state than the one just read. */
export function checkRevision(ifMatch: IfMatch, current: number): void {
  if (ifMatch !== null && ifMatch !== current) throw staleRevision(current);
}
