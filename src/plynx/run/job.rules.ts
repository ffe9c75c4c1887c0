import type { Node } from '../document/node.schema';
import { scriptValue } from '../document/parameter.schema';
import { DEFAULT_TIMEOUT_MINUTES } from '../document/base-node.rules';
import { pythonInt } from '../document/python.rules';

const MINUTE_MS = 60_000;

/** Data of a node for its script or template: file paths of inputs, outputs and logs, and parameter values, by name. */
export interface Job {
  /** A path for an input of exactly one value, a list of paths otherwise. */
  input: Map<string, string | string[]>;
  output: Map<string, string>;
  param: Map<string, ReturnType<typeof scriptValue>>;
  log: Map<string, string>;
}

/** The files of a job: the resources in the folder before it starts, and the paths read after it. */
export interface JobFiles {
  inputs: { path: string; resourceId: string; types: string[] }[];
  outputs: { path: string; name: string; type: string }[];
}

/** The job of a placed node in a folder of its own. */
export const jobOf = (node: Node, folder: string): Job => makeJob(node, folder, ({ values }) => values.length);

/** The same for an operation without values: as many paths as its inputs require at least. */
export const previewJob = (node: Node, folder: string): Job =>
  makeJob(node, folder, ({ min_count }) => Math.min(Math.max(min_count, 0), MAX_PLACEHOLDERS));

// A minimum of a billion is valid input and needs no billion lines in a preview.
const MAX_PLACEHOLDERS = 100;

function makeJob(node: Node, folder: string, count: (input: Node['inputs'][number]) => number): Job {
  return {
    input: new Map(
      node.inputs.map((input) => {
        const paths = Array.from({ length: count(input) }, (_, at) => inputPath(folder, at, input.name));
        return [input.name, input.min_count === 1 && input.max_count === 1 ? (paths[0] ?? '') : paths];
      }),
    ),
    output: new Map(node.outputs.map(({ name }) => [name, outputPath(folder, name)])),
    param: new Map(node.parameters.map((parameter) => [parameter.name, scriptValue(parameter)])),
    log: new Map(node.logs.map(({ name }) => [name, logPath(folder, name)])),
  };
}

/** Returns the job's resources with their paths, and the paths of its outputs. Omits links without a resource. */
export const filesOf = (node: Node, folder: string): JobFiles => ({
  inputs: node.inputs.flatMap(({ name, values, file_types: types }) =>
    values.flatMap(({ resource_id }, at) =>
      resource_id ? [{ path: inputPath(folder, at, name), resourceId: resource_id, types }] : [],
    ),
  ),
  outputs: node.outputs.map(({ name, file_type: type }) => ({ name, type, path: outputPath(folder, name) })),
});

const inputPath = (folder: string, at: number, name: string) => `${folder}/i_${at}_${fileName(name)}`;
const outputPath = (folder: string, name: string) => `${folder}/o_${fileName(name)}`;
const logPath = (folder: string, name: string) => `${folder}/l_${fileName(name)}`;

// A name is one segment of a path: characters that would split it are encoded.
const fileName = (name: string) => name.replaceAll(/[/\0%]/g, encodeURIComponent);

/** Returns the source text of an operation: its `cmd` parameter. */
export const commandOf = (node: Node): string => {
  const cmd = node.parameters.find(({ name }) => name === 'cmd');
  return cmd ? String(scriptValue(cmd)).replace(/^\uFEFF/, '') : '';
};

/** Returns the time limit of a node: its parameter `_timeout`, in minutes, at most 600, PLynx's default. */
export function timeoutOf(node: Node): { minutes: number; ms: number } {
  const parameter = node.parameters.find(({ name }) => name === '_timeout');
  const given = parameter && pythonInt(scriptValue(parameter));
  const minutes = Math.min(Math.max(given ?? DEFAULT_TIMEOUT_MINUTES, 0), DEFAULT_TIMEOUT_MINUTES);
  return { minutes, ms: minutes * MINUTE_MS };
}
