import { fork } from 'node:child_process';
import type { LoadOrder, Sample } from './types.ts';

export interface Generator {
  pid: number;
  fire: (order: LoadOrder) => Promise<Sample>;
  stop: () => void;
}

/** Starts the load generator's process. One order at a time. */
export function startGenerator(): Generator {
  const child = fork(new URL('./child.ts', import.meta.url), { serialization: 'advanced' });
  return {
    pid: child.pid!,
    fire: (order) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`the load generator ended with ${code}`));
        child.once('exit', onExit);
        child.once('message', (answer: { sample: Sample } | { error: string }) => {
          child.off('exit', onExit);
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer.sample);
        });
        child.send(order);
      }),
    stop: () => child.kill(),
  };
}
