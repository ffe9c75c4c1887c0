import { invalidField } from '../offences';
import type { InstanceMode } from './endpoint.schema';

/**
 * The instance mode that an input asks for, in either of its two words: `instance`, or Pyplan's `shareInstance` (true: shared, false:
 * per-call). Both may be given when they agree, as an answer sent back has them. Throws 422 when they do not.
 */
export function instanceOf(
  { instance, shareInstance }: { instance?: InstanceMode | undefined; shareInstance?: boolean | undefined },
  before: InstanceMode,
): InstanceMode {
  if (shareInstance === undefined) return instance ?? before;
  if (instance === undefined) return shareInstance ? 'shared' : 'per-call';
  if (shareInstance !== (instance === 'shared')) {
    throw invalidField('shareInstance', 'contradiction', `cannot be ${shareInstance} where instance is ${instance}`);
  }
  return instance;
}
