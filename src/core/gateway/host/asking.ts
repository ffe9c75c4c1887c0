import type { Bundle, CallHost } from '../../../runtime/types';
import type { Caller } from '../../access/actor';
import type { Context } from '../../access/context';
import type { Definition } from '../definition';

/** What has to be known of the call whose code asks. Times in Unix milliseconds. */
export interface CallFacts {
  runId: string;
  definition: Definition;
  caller: Caller;
  startedAt: number;
  admittedAt: number;
}

/** Who asks: the code of `bundle`, with `depth` calls of Portico behind what it does. */
export interface Asking {
  outlet: {
    readonly call: CallFacts;
    for: (bundle: Bundle, depth: number) => CallHost;
    awaits: (work: Promise<unknown>, ctx: Pick<Context, 'defer'>) => void;
  };
  bundle: Bundle;
  depth: number;
}
