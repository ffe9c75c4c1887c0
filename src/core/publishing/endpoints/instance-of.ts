import { invalidField } from '../../../kernel/issues';
import type { InstanceMode } from './endpoint.schema';

/**
 * Returns the instance mode that an input asks for, by either of its two fields: `instance`, or Pyplan's `shareInstance` (true: shared,
 * false: per-call). Both may be given when they agree, as in a response that is sent back. Throws 422 when they differ. `before` is null
 * for a new endpoint; `shareInstance: false` changes only a shared instance.
 */
export function instanceOf(
  { instance, shareInstance }: { instance?: InstanceMode | undefined; shareInstance?: boolean | undefined },
  before: InstanceMode | null,
): InstanceMode {
  if (shareInstance === undefined) return instance ?? before ?? 'pooled';
  if (instance === undefined) {
    if (before !== null && shareInstance === (before === 'shared')) return before;
    return shareInstance ? 'shared' : 'per-call';
  }
  if (shareInstance !== (instance === 'shared')) {
    throw invalidField('shareInstance', 'contradiction', `cannot be ${shareInstance} where instance is ${instance}`);
  }
  return instance;
}
