import { reasonOf } from './reason.ts';

/** One part of a deploy. Its name completes "could not …". */
export interface Step {
  name: string;
  run: () => Promise<void>;
}

/**
 * Runs steps in order and reports each. Throws an Error that names the step that failed: what it and the steps after it would have changed is
 * still to do, and the next run plans from the state of the account, so that it goes on from there.
 */
export async function runSteps(steps: readonly Step[], say: (text: string) => void): Promise<void> {
  for (const [i, { name, run }] of steps.entries()) {
    say(`[${i + 1}/${steps.length}] ${name[0]!.toUpperCase()}${name.slice(1)} …`);
    try {
      await run();
    } catch (error) {
      throw new Error(
        `Step ${i + 1} of ${steps.length} failed: could not ${name}.\n${reasonOf(error)}\n\nCorrect this and run the same command again: it goes on from this step.`,
        { cause: error },
      );
    }
  }
}
