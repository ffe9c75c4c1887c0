import type { Mention } from '../../core/code/mention.rules';
import type { Issue } from '../../kernel/errors';
import { findModule } from '../../core/code/package-set';
import { chooseSet, missingWarning, readPackageSets, type ListSets } from './python-packages';
import { BOOT_REQUESTS, pythonVersion, pythonWorker } from './python';
import type { PythonStore } from './python-assets';
import { sourceIssue } from '../../core/code/source-issue.rules';
import type { Prepared } from '../types';

/** An import that the runtime does not have. It may be under `try`, so it is a warning, not an issue. */
interface MissingModule {
  /** The file of the folder that has it; missing for the entry. */
  file?: string;
  module: string;
  line: number;
  column: number;
}
/** Lines count from 1, columns from 0. */
export type PythonCheck =
  | { kind: 'ready'; form: 'named' | 'request'; missing: MissingModule[]; mentions: Mention[] }
  | ({ kind: 'refused'; code: 'syntax' | 'import' | 'export'; message: string } & Partial<FilePlace>);

/** A place in a file of the folder; in the entry without one. */
interface FilePlace {
  file?: string;
  line: number;
  column: number;
}

/** A script, or the entry of a folder with the other sources of it by their paths. */
interface PythonSource {
  source: string;
  /** Name in tracebacks; with `modules`, its path in the project. */
  file: string;
  modules?: Record<string, string> | undefined;
}

/** Output of the checker, whose isolate runs nothing of any source: taken as it is. */
interface Reply {
  ok?: boolean;
  code?: unknown;
  form?: unknown;
  missing?: MissingModule[];
  mentions?: Mention[];
  file?: string;
  line?: number;
  column?: number;
  message?: string;
}
interface Checker extends Rpc.WorkerEntrypointBranded {
  check: (source: string, folder: string) => Promise<string>;
}

/** Milliseconds of CPU of one check, the start of the isolate included: parsing the largest source takes seconds. */
const CHECK_CPU_MS = 30_000;

/**
 * Checks a source, with the other files of its folder, when it is saved: CPython's own syntax errors, and whether it leaves a function in
 * `handler` or `result`, as far as a static check can tell. No code of it runs. One isolate, without network or secrets, serves all checks.
 */
export async function checkPython(
  { source, file: entry, modules }: PythonSource,
  loader: WorkerLoader,
  store: PythonStore,
): Promise<PythonCheck> {
  const worker = loader.get(`python-check-${pythonVersion}`, async () => ({
    ...(await pythonWorker('', store)),
    limits: { cpuMs: CHECK_CPU_MS, subRequests: BOOT_REQUESTS },
    globalOutbound: null,
  }));
  const checker = worker.getEntrypoint<Checker>();
  const reply = JSON.parse(await checker.check(source, modules ? JSON.stringify({ entry, modules }) : '')) as Reply;
  if (reply.ok !== true) {
    const { code, message = 'cannot be compiled', file, line = 1, column = 0 } = reply;
    const known = code === 'export' || code === 'import' ? code : 'syntax';
    return { kind: 'refused', code: known, message, ...(file !== undefined && { file }), line, column };
  }
  if (reply.form !== 'named' && reply.form !== 'request') {
    const message = 'the script must define a function `handler`, or set `result` to a function';
    return { kind: 'refused', code: 'export', message };
  }
  return {
    kind: 'ready',
    form: reply.form,
    missing: reply.missing ?? [],
    mentions: reply.mentions ?? [],
  };
}

/** Checks a source for a save, with the result type of every language. Missing imports are warnings: they may be under `try`. */
export async function preparePython(
  script: PythonSource,
  env: PythonStore & { LOADER: WorkerLoader },
  uploadedSets: ListSets,
): Promise<Prepared> {
  const { source, file, modules } = script;
  const folder = modules && file.slice(0, file.lastIndexOf('/') + 1);
  const place = (issue: Issue, at?: string): Issue =>
    folder === undefined ? issue : inFile(issue, at === undefined ? file : `${folder}${at}`);
  const [checked, sets] = await Promise.all([checkPython(script, env.LOADER, env), readPackageSets(env, uploadedSets)]);
  if (checked.kind === 'refused') {
    const { code, message, line, column = 0, file: at } = checked;
    return {
      kind: 'refused',
      issues: [place(sourceIssue(code, message, line === undefined ? undefined : { line, column }), at)],
    };
  }
  const chosen = chooseSet(source, sets);
  if (chosen.kind === 'refused')
    return {
      kind: 'refused',
      issues: [place(sourceIssue('import', chosen.message, { line: chosen.line, column: 0 }))],
    };
  const isThere = (module: string): boolean => chosen.set !== null && findModule([chosen.set], module) !== undefined;
  const missing = checked.missing.filter(({ module }) => !isThere(module));
  const warnings = [
    ...chosen.warnings.map((issue) => place(issue)),
    ...missing.map(({ module, file: at, ...found }) => place(missingWarning(module, found, sets), at)),
  ];
  return {
    kind: 'ready',
    warnings,
    // Editors count columns from 1.
    mentions: checked.mentions.map((mention) => ({
      ...mention,
      column: mention.column! + 1,
      ...(folder !== undefined && { file: mention.file === undefined ? file : `${folder}${mention.file}` }),
    })),
    artifact: {
      runtime: 'python',
      form: checked.form,
      code: source,
      file,
      ...(modules && { modules }),
      libraries: [],
      ...(chosen.needed && { packages: chosen.needed }),
    },
  };
}

/** Returns an issue of a handler of many files, whose message begins with the place in one of them. */
const inFile = ({ line, column, ...issue }: Issue, file: string): Issue => ({
  ...issue,
  message: `${file}:${line ?? 1}:${column ?? 1}: ${issue.message}`,
});
