import { ROW_OPERATIONS } from '../table/row-operations';
import type { HostOperation } from './host-call';

/** Everything that handlers can ask of Portico, by name. */
export const OPERATIONS: Readonly<Record<string, HostOperation>> = { ...ROW_OPERATIONS };
