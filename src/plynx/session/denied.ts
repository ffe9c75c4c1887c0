import { Fault } from '../../kernel/errors';

/** 403 for what belongs to somebody else. */
export const permissionDenied = (): Fault => new Fault('forbidden', 'Permission denied');
