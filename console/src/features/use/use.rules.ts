import type { Use } from '../../../../src/core/uses/use.schema';

const AS: Record<Use['as'], string> = {
  key: 'accepts it',
  handler: 'calls it',
  middleware: 'has it as middleware',
  after: 'runs it on its answers',
  onError: 'runs it when its handler fails',
  call: 'calls it in a step',
  secret: 'lists it',
  table: 'names it in its code',
  default: 'serves it',
  version: 'pins it',
  packages: 'serves a version saved with it',
  role: 'has it',
  read: 'its rows may be read',
  write: 'its rows may be written',
  executor: 'runs as this user',
  owner: 'belongs to this user',
};

/** Returns what one use is, in words after the name of what uses: `endpoint, requires it`. */
export function textOfUse({ noun, as }: Pick<Use, 'noun' | 'as'>): string {
  const has = as === 'role' && (noun === 'endpoint' || noun === 'secret');
  return `${noun}, ${has ? 'requires it' : AS[as]}`;
}
