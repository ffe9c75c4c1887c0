import { ApiError } from '../../kernel/errors';

/** 403 for what belongs to somebody else. */
export const permissionDenied = (): ApiError => new ApiError('forbidden', 'Permission denied');
