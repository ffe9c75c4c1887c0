import { watch } from 'node:fs';
import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable } from '../io.ts';
import { findProject, targetOf } from '../project/find-project.ts';
import { isSkipped } from '../project/scan.ts';
import { makePlan, openPush } from '../push/open-push.ts';
import { isWrite, stepDetails, stepLine } from '../push/render-plan.ts';
import { applyAll } from './push.ts';
import { followRuns, openTarget } from './runs.ts';

/** Milliseconds between a change of a file and the push: editors write a file in several steps. */
const QUIET_MS = 50;

export const dev: Command = {
  about:
    'Pushes the folder whenever a file is saved, and shows runs with their logs, until Ctrl-C. A fault is shown and nothing is pushed.\n' +
    'Deletes nothing. For a target that is not protected.',
  run: async (call) => {
    const { service, origin } = await openTarget(call);
    const project = findProject(call.folder);
    const { folder } = project;
    if (targetOf(project, call.text('target')).isProtected)
      throw new Failure('portico dev does not push to a protected target', EXIT.usage);
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopping.abort());
    await pushOnce(call);
    call.io.say(`Watching ${folder}, serving at ${origin}. Ctrl-C ends.`);
    const shown = { ...call, args: [], flag: (name: string) => name === 'logs' || call.flag(name) };
    const following = followRuns(shown, service, Infinity, stopping.signal);
    await Promise.race([watchFolder(call, folder, stopping.signal), following]).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    });
    return EXIT.done;
  },
};

/** Pushes after each change, one push at a time: a change during a push is followed by another. */
async function watchFolder(call: Call, folder: string, signal: AbortSignal): Promise<Exit> {
  let timer: NodeJS.Timeout | undefined;
  let pushing = Promise.resolve();
  const watcher = watch(folder, { recursive: true, signal }, (_event, name) => {
    if (name !== null && isSkipped(name.replaceAll('\\', '/'))) return;
    clearTimeout(timer);
    timer = setTimeout(() => (pushing = pushing.then(() => pushOnce(call))), QUIET_MS);
  });
  await new Promise((resolve, reject) => {
    watcher.once('close', resolve);
    watcher.once('error', reject);
  });
  clearTimeout(timer);
  await pushing;
  return EXIT.done;
}

/** Pushes what can be pushed. Prints a fault, and goes on. */
async function pushOnce(call: Call): Promise<void> {
  const startedAt = Date.now();
  try {
    const push = await openPush(call);
    const made = await makePlan(push);
    for (const step of made.plan.steps.filter(
      (one) => isWrite(one) || one.action === 'conflict' || one.action === 'drift',
    )) {
      call.io.say(stepLine(step, call.io));
      if (!isWrite(step) || step.losses || step.issues)
        for (const line of stepDetails(step, call.io)) call.io.say(line);
    }
    if (made.plan.blocked.length > 0 || !made.plan.steps.some(isWrite)) return;
    const { generation } = await applyAll(call, push, made);
    push.note(generation);
    call.io.say(`✓ generation ${generation} in ${Date.now() - startedAt} ms`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    call.io.say(call.io.style('red', printable(error.message)));
  }
}
