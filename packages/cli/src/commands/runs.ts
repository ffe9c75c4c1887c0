import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Command, Option } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable, type Io } from '../io.ts';
import { findProject, targetOf } from '../project/find-project.ts';
import { toRefusal, type Service } from '../service/client.ts';
import { openSignedIn } from '../service/sign-in.ts';
import { readEvents } from '../service/read-events.ts';

export interface RunSummary {
  id: string;
  endpointPath: string | null;
  outcome: string;
  status: number | null;
  startedAt: string;
  durationMs: number | null;
}
interface Run extends RunSummary {
  logs: { level: string; message: string }[];
  error: { name: string; message: string; stack: string } | null;
}

const failed: Option = { type: 'boolean', help: 'Only runs that did not succeed' };
const withLogs: Option = { type: 'boolean', help: 'With the log lines and the error of each run' };

/** Opens the service of the project's target. */
export async function openTarget(call: Call): Promise<{ service: Service; origin: string }> {
  const project = findProject(call.folder);
  const { origin } = targetOf(project, call.text('target'));
  return { origin, service: await openSignedIn(origin, project.folder) };
}

const queryOf = (call: Call, more: Record<string, string> = {}): string =>
  new URLSearchParams({
    ...(call.args[0] !== undefined && { endpoint: call.args[0] }),
    ...(call.flag('failed') && { outcome: 'not_success' }),
    ...more,
  }).toString();

export const runs: Command = {
  args: '[endpoint]',
  count: [0, 1],
  about: 'Lists the last runs, newest first, of an endpoint or of all.',
  options: { failed, logs: withLogs, limit: { type: 'string', value: 'number', help: 'Number of runs. Default: 20' } },
  run: async (call) => {
    const { service } = await openTarget(call);
    const page = await service.json<{ items: RunSummary[] }>(
      'GET',
      `/admin/runs?${queryOf(call, { limit: call.text('limit') ?? '20' })}`,
    );
    const items = call.flag('logs') ? await Promise.all(page.items.map(({ id }) => readRun(service, id))) : page.items;
    for (const item of items) showRun(call.io, item);
    if (items.length === 0) call.io.note('No runs.');
    call.io.result({ runs: items });
    return EXIT.done;
  },
};

const readRun = (service: Service, id: string): Promise<Run> => service.json<Run>('GET', `/admin/runs/${id}`);

export const logs: Command = {
  args: '<run>',
  count: [1, 1],
  about: 'Shows a run: its outcome, log lines and error. The id of a run is in the header x-run-id of its response.',
  run: async (call) => {
    const { service } = await openTarget(call);
    const run = await readRun(service, encodeURIComponent(call.args[0]!));
    showRun(call.io, run);
    call.io.result(run);
    return EXIT.done;
  },
};

export const tail: Command = {
  args: '[endpoint]',
  count: [0, 1],
  about: 'Shows runs as they are stored, until Ctrl-C. With --json, one object a line.',
  options: {
    failed,
    logs: withLogs,
    limit: { type: 'string', value: 'number', help: 'End after this number of runs' },
  },
  run: async (call) => {
    const { service } = await openTarget(call);
    const limit = Number(call.text('limit') ?? Infinity);
    if (!(limit > 0)) throw new Failure('--limit must be a positive number', EXIT.usage);
    return followRuns(call, service, limit, new AbortController().signal);
  },
};

/** Milliseconds before a stream that ended is opened again. */
const AGAIN_MS = 1000;

/**
 * Prints runs as they are stored, until `limit` of them or the signal. Opens the stream again where it ends or breaks, also while the service
 * is away for a while, as at its restart or a deploy. Throws a Failure for a refusal, and when the service is away from the start.
 */
export async function followRuns(
  call: Call,
  service: Service,
  limit: number,
  signal: AbortSignal,
  againMs: number = AGAIN_MS,
): Promise<Exit> {
  let [last, count, isAway] = ['', 0, false];
  let isFollowed = false;
  const follow = async (): Promise<void> => {
    const headers = last === '' ? {} : { 'last-event-id': last };
    const response = await service.raw(`/admin/runs/tail?${queryOf(call)}`, { headers, signal });
    if (!response.ok) throw toRefusal(service.origin, response.status, await response.text());
    [isFollowed, isAway] = [true, false];
    for await (const { id, event, data } of readEvents(untilBroken(response.body!))) {
      if (event === 'run') await show(JSON.parse(data) as RunSummary);
      last = id || last;
      if (count >= limit) return;
    }
  };
  const show = async (summary: RunSummary): Promise<void> => {
    const run = call.flag('logs') ? await readRun(service, summary.id) : summary;
    showRun(call.io, run);
    call.io.result(run);
    count += 1;
  };
  while (!signal.aborted) {
    try {
      await follow();
    } catch (error) {
      if (!isFollowed || !(error instanceof Failure) || error.exit !== EXIT.away) throw error;
      if (!isAway && !signal.aborted) call.io.note(`${error.message} (trying again until it answers)`);
      isAway = true;
    }
    if (count >= limit) return EXIT.done;
    await sleep(againMs, undefined, { signal });
  }
  return EXIT.done;
}

/** Yields a body up to where its connection breaks, as at a deploy of the service. */
async function* untilBroken(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    // fetch throws a TypeError for the network alone; an abort and all else are others.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Prints a run in a line, and its log lines and error where it has them. */
export function showRun(io: Io, run: RunSummary | Run): void {
  const { id, endpointPath, outcome, status, startedAt, durationMs } = run;
  const line = `${startedAt.slice(11, 19)}  ${endpointPath ?? ''}  ${status ?? ''} ${outcome}  ${durationMs ?? '?'} ms  ${id}`;
  io.say(io.style(outcome === 'success' ? 'green' : 'red', printable(line)));
  if (!('logs' in run)) return;
  for (const { level, message } of run.logs) io.say(`    ${level}  ${printable(message)}`);
  if (run.error !== null) io.say(`    ${printable(run.error.stack || `${run.error.name}: ${run.error.message}`)}`);
}
