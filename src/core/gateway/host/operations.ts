import { ROW_OPERATIONS } from '../../tables/rows/row-operations';
import { callHandler } from './call-handler';
import type { HostOperation } from './host-call';

/** The operations that handlers can ask for, by name. */
export const OPERATIONS: Readonly<Record<string, HostOperation>> = {
  ...ROW_OPERATIONS,
  'handlers.call': callHandler,
};
