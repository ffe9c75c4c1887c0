import type { Call, Command } from '../command.ts';
import { EXIT, Failure } from '../failure.ts';
import { printable } from '../io.ts';
import { listenKeys, type Keys } from '../keys.ts';
import { findProject, targetOf } from '../project/find-project.ts';
import { watchProject } from '../project/watch-project.ts';
import { makePlan, openPush } from '../push/open-push.ts';
import { isWrite, stepDetails, stepLine } from '../push/render-plan.ts';
import type { FolderObject } from '../project/read-folder.ts';
import type { Service } from '../service/client.ts';
import type { Applied } from '../service/protocol.ts';
import { showPlan } from './plan.ts';
import { applyAll } from './push.ts';
import { testEndpoint } from './run.ts';
import { followRuns, openTarget } from './runs.ts';

/** State of a running `dev`. */
interface Dev {
  /** Endpoints that the last push concerned, or the only one of the project, by identity. */
  endpoints: string[];
  withLogs: boolean;
}

const KEYS = 't test · l logs · p plan · o docs · q quit';

export const dev: Command = {
  about:
    'Pushes the folder whenever a file is saved, and shows runs with their logs, until Ctrl-C. An issue is shown and nothing is pushed.\n' +
    `Deletes nothing. For a target that is not protected. In a terminal, keys act: ${KEYS}.`,
  run: async (call) => {
    const { service, origin } = await openTarget(call);
    const project = findProject(call.folder);
    const { folder } = project;
    if (targetOf(project, call.text('target')).isProtected)
      throw new Failure('portico dev does not push to a protected target', EXIT.usage);
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    const state: Dev = { endpoints: [], withLogs: true };
    const changes = watchProject(folder, stopping.signal);
    await changes.next();
    await pushOnce(call, state);
    call.io.say(`Watching ${folder}, serving at ${origin}. ${call.io.isTerminal ? KEYS : 'Ctrl-C ends.'}`);
    if (call.io.isTerminal) listenKeys(call.io, keysOf(call, service, state, stop), stop, stopping.signal);
    const shown = { ...call, args: [], flag: (name: string) => (name === 'logs' ? state.withLogs : call.flag(name)) };
    const following = followRuns(shown, service, Infinity, stopping.signal);
    await Promise.race([pushEach(call, changes, state), following]).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    });
    return EXIT.done;
  },
};

function keysOf(call: Call, service: Service, state: Dev, stop: () => void): Keys {
  const { io } = call;
  return {
    t: async () => {
      if (state.endpoints.length === 0) io.say('Save a handler or an endpoint first: t tests what was saved last.');
      for (const endpoint of state.endpoints) {
        const { response } = await testEndpoint(service, endpoint);
        io.say(`${endpoint}  ${response.status}  ${printable(response.body ?? response.base64 ?? '')}`);
      }
    },
    l: () => {
      state.withLogs = !state.withLogs;
      io.say(state.withLogs ? 'Runs are shown with their logs.' : 'Runs are shown without their logs.');
    },
    p: async () => {
      const push = await openPush(call);
      showPlan(call, push, (await makePlan(push)).plan, true);
    },
    o: () => io.say(`${service.origin}/u/docs`),
    q: stop,
  };
}

/** Pushes after each change, one push at a time. */
async function pushEach(call: Call, changes: AsyncIterable<void>, state: Dev): Promise<void> {
  for await (const _ of changes) await pushOnce(call, state);
}

/** Pushes what can be pushed. Prints an issue, and goes on. */
async function pushOnce(call: Call, state: Dev): Promise<void> {
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
    if (state.endpoints.length === 0) state.endpoints = onlyEndpoint(push.objects);
    if (made.plan.blocked.length > 0 || !made.plan.steps.some(isWrite)) return;
    const { generation, applied } = await applyAll(call, push, made);
    push.note(generation);
    state.endpoints = endpointsOf(push.objects, applied);
    call.io.say(`✓ generation ${generation} in ${Date.now() - startedAt} ms`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    call.io.say(call.io.style('red', printable(error.message)));
  }
}

/** Returns the endpoints that a push changed, or whose handlers it changed. */
function endpointsOf(objects: readonly FolderObject[], applied: Applied['applied']): string[] {
  const changed = new Set(applied.map(({ kind, identity }) => `${kind} ${identity}`));
  return objects.flatMap(({ kind, identity, document }) => {
    const isChanged = changed.has(`${kind} ${identity}`) || changed.has(`handler ${String(document?.handler)}`);
    return kind === 'endpoint' && isChanged ? [identity] : [];
  });
}

function onlyEndpoint(objects: readonly FolderObject[]): string[] {
  const all = objects.filter(({ kind }) => kind === 'endpoint');
  return all.length === 1 ? [all[0]!.identity] : [];
}
