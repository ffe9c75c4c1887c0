import type { WorkflowStep } from 'cloudflare:workers';
import worker, { GraphRun } from '../../../src/worker';
import { asInvocation, count, hold, inThisInvocation } from './ledger';
import { replace } from './meter';
import { sizeOf } from './size-of';

type Call = (...args: unknown[]) => unknown;

/** Counts the steps of a run, and holds their results. */
const meterSteps = (step: WorkflowStep): WorkflowStep =>
  new Proxy(step, {
    get: (target, name) =>
      name === 'do'
        ? (title: string, options: object, work: Call) => {
            count('steps');
            const metered = inThisInvocation(async (...args: unknown[]) => {
              const result = await work(...args);
              hold('stepBytes', sizeOf(result));
              return result;
            });
            return target.do(title, options, metered as () => Promise<never>);
          }
        : Reflect.get(target, name),
  });

/** Makes each request, cron and run of a graph an invocation of its own. */
export function meterEntrypoints(): void {
  for (const name of ['fetch', 'scheduled'] as const)
    replace(
      worker,
      name,
      (original) =>
        (...args) =>
          asInvocation(() => original(...args)),
    );
  replace(
    GraphRun.prototype,
    'run',
    (original) =>
      ((event: unknown, step: WorkflowStep) => asInvocation(() => (original as Call)(event, meterSteps(step)))) as Call,
  );
}
