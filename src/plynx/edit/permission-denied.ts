import { ApiError } from '../../kernel/errors';

/** Returns the 403 for a resource of another user. */
export const permissionDenied = (): ApiError => new ApiError('forbidden', 'Permission denied');
