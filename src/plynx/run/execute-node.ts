import type { OperationOutcome } from '../../runtime/operations/operation-outcome';
import type { LogSink } from '../../runtime/operations/operations';
import type { OperationFile } from '../../runtime/operations/jobs';
import type { Context } from '../../core/access/context';
import { fileKey, isFileId, NODE_BYTES } from '../files/file-key.rules';
import { hasEmptyCommand } from './empty-command.rules';
import { commandOf, filesOf, type Job, type JobFiles, jobOf, timeoutOf } from './job.rules';
import type { Node } from '../document/node.schema';
import { bashTemplate, pythonScript, type Template } from './script.rules';
import { EMPTY_LOG, FAILED_LOG, scriptLog, timedOutLog } from './worker-log.rules';
import { plainText } from './plain-template.rules';

/** Result of an operation: its outputs and logs by name, and the text of its worker log. */
export interface Executed {
  status: 'SUCCESS' | 'FAILED';
  outputs: OperationOutcome['outputs'];
  logs: OperationOutcome['logs'];
  workerText: string;
}

/**
 * Runs a node whose links name their files, in a folder and an isolate of its own; `sink` gets its logs as they grow. An error of the
 * operation is FAILED; throws only for errors of a store.
 */
export async function executeNode(
  ctx: Pick<Context, 'store' | 'operations'>,
  node: Node,
  sink: LogSink,
): Promise<Executed> {
  const folder = `/tmp/${crypto.randomUUID()}`;
  const job = jobOf(node, folder);
  const files = filesOf(node, folder);
  const inputs = await readInputs(ctx, files.inputs);
  const { minutes, ms } = timeoutOf(node);
  const script = await scriptOf(ctx, node, job);
  const outcome =
    typeof inputs === 'string'
      ? unstarted(inputs)
      : script.error !== undefined
        ? unstarted(`The operation cannot start: ${script.error}`)
        : await runOperation(ctx, node, job, {
            script: script.text,
            folder,
            files,
            inputs,
            timeoutMs: Math.max(ms, 1),
            sink,
          });
  const missing = files.outputs.filter(({ name }) => !outcome.outputs.has(name));
  const failed = outcome.exitCode !== 0 || missing.length > 0;
  const reasons = [
    ...(outcome.error === undefined || outcome.error === 'timeout' ? [] : [outcome.error]),
    ...(outcome.exitCode === 0 ? missing.map(({ name }) => `Output \`${name}\` is missing`) : []),
  ];
  const { outputs, logs } = outcome;
  const workerText = [
    scriptLog(script.text),
    hasEmptyCommand(node) ? EMPTY_LOG : '',
    outcome.error === 'timeout' ? timedOutLog(minutes) : '',
    failed ? FAILED_LOG : '',
    ...reasons.map((reason) => `\n${reason}`),
  ].join('');
  return { status: failed ? 'FAILED' : 'SUCCESS', outputs, logs, workerText };
}

/** Returns the script, or the reason why it cannot run with the text of its author. */
async function scriptOf(
  ctx: Pick<Context, 'operations'>,
  node: Node,
  job: Job,
): Promise<{ text: string; error?: string }> {
  const text = commandOf(node);
  if (node.base_node_name === 'python') return { text: pythonScript(text, job) };
  if (node.base_node_name !== 'bash_jinja2') return { text };
  try {
    return { text: await renderScript(ctx, bashTemplate(text, job)) };
  } catch (error) {
    return { text, error: error instanceof Error ? error.message : 'the template cannot be rendered' };
  }
}

const unstarted = (error: string): OperationOutcome => ({
  exitCode: 1,
  error,
  outputs: new Map(),
  logs: new Map(),
});

/** Reads the files of the folder, or returns the reason for a failure. */
async function readInputs(ctx: Pick<Context, 'store'>, inputs: JobFiles['inputs']): Promise<OperationFile[] | string> {
  const files: OperationFile[] = [];
  let left = NODE_BYTES;
  for (const { path, resourceId, types } of inputs) {
    const found = isFileId(resourceId) ? await ctx.store.blobs.read(fileKey(resourceId), left + 1) : null;
    if (!found) return `File \`${resourceId.slice(0, 100)}\` not found`;
    left -= found.size;
    if (left < 0) return `The inputs have more than ${NODE_BYTES} bytes together`;
    files.push({ path, types, bytes: found.bytes });
  }
  return files;
}

interface Place {
  script: string;
  folder: string;
  files: JobFiles;
  inputs: OperationFile[];
  timeoutMs: number;
  sink: LogSink;
}

async function runOperation(
  ctx: Pick<Context, 'operations'>,
  node: Node,
  job: Job,
  { script, folder, files: { outputs }, inputs, timeoutMs, sink }: Place,
): Promise<OperationOutcome> {
  switch (node.base_node_name) {
    case 'bash_jinja2':
      return ctx.operations.shell({ script, folder, outputs }, inputs, timeoutMs, sink);
    case 'python':
      return ctx.operations.python({ script, folder, outputs }, inputs, timeoutMs, sink);
    case 'javascript': {
      const names = {
        input: Object.fromEntries(job.input),
        output: Object.fromEntries(job.output),
        param: Object.fromEntries(job.param),
        log: Object.fromEntries(job.log),
      };
      return ctx.operations.javascript({ code: script, names, outputs }, inputs, timeoutMs, sink);
    }
    default:
      return unstarted(`Nodes of \`${node.base_node_name.slice(0, 100)}\` cannot run`);
  }
}

/** Renders the script of a template. Throws with jinja2's message. */
export const renderScript = async (ctx: Pick<Context, 'operations'>, template: Template): Promise<string> =>
  plainText(template) ?? ctx.operations.render(template);
