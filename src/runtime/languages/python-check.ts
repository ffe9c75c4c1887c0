import type { Mention } from '../../core/code/mention.rules';
import { findModule } from '../../core/code/package-set';
import { chooseSet, missingWarning, readPackageSets, type ListSets } from './python-packages';
import { pythonVersion, pythonWorker } from './python';
import type { PythonStore } from './python-assets';
import { sourceIssue } from '../../core/code/source-issue.rules';
import type { Prepared } from '../types';

/** An import that the runtime does not have. It may be under `try`, so it is a warning, not an issue. */
interface MissingModule {
  module: string;
  line: number;
  column: number;
}
/** Lines count from 1, columns from 0. */
export type PythonCheck =
  | { kind: 'ready'; form: 'named' | 'request'; missing: MissingModule[]; mentions: Mention[] }
  | { kind: 'refused'; code: 'syntax' | 'export'; message: string; line?: number; column?: number };

/** Output of the checker. Parsed strictly: it comes from an isolate. */
interface Reply {
  ok?: boolean;
  code?: unknown;
  form?: unknown;
  missing?: MissingModule[];
  mentions?: Mention[];
  line?: number;
  column?: number;
  message?: string;
}
interface Checker extends Rpc.WorkerEntrypointBranded {
  check: (source: string) => Promise<string>;
}

/**
 * Checks a source when it is saved: CPython's own syntax errors, and whether it leaves a function in `handler` or `result`, as far as a
 * static check can tell. No code of it runs. One isolate, without network or secrets, serves all checks.
 */
export async function checkPython(source: string, loader: WorkerLoader, store: PythonStore): Promise<PythonCheck> {
  const worker = loader.get(`python-check-${pythonVersion}`, async () => ({
    ...(await pythonWorker('', store)),
    globalOutbound: null,
  }));
  const checker = worker.getEntrypoint<Checker>();
  const reply = JSON.parse(await checker.check(source)) as Reply;
  if (reply.ok !== true) {
    const { code, message = 'cannot be compiled', line = 1, column = 0 } = reply;
    return { kind: 'refused', code: code === 'export' ? 'export' : 'syntax', message, line, column };
  }
  if (reply.form !== 'named' && reply.form !== 'request') {
    const message = 'the script must define a function `handler`, or set `result` to a function';
    return { kind: 'refused', code: 'export', message };
  }
  return { kind: 'ready', form: reply.form, missing: reply.missing ?? [], mentions: reply.mentions ?? [] };
}

/** Checks a source for a save, with the result type of every language. Missing imports are warnings: they may be under `try`. */
export async function preparePython(
  source: string,
  file: string,
  env: PythonStore & { LOADER: WorkerLoader },
  uploadedSets: ListSets,
): Promise<Prepared> {
  const [checked, sets] = await Promise.all([checkPython(source, env.LOADER, env), readPackageSets(env, uploadedSets)]);
  if (checked.kind === 'refused') {
    const { code, message, line, column = 0 } = checked;
    const place = line === undefined ? undefined : { line, column };
    return { kind: 'refused', issues: [sourceIssue(code, message, place)] };
  }
  const chosen = chooseSet(source, sets);
  if (chosen.kind === 'refused')
    return { kind: 'refused', issues: [sourceIssue('import', chosen.message, { line: chosen.line, column: 0 })] };
  const isThere = (module: string): boolean => chosen.set !== null && findModule([chosen.set], module) !== undefined;
  const missing = checked.missing.filter(({ module }) => !isThere(module));
  const warnings = [...chosen.warnings, ...missing.map(({ module, ...place }) => missingWarning(module, place, sets))];
  return {
    kind: 'ready',
    warnings,
    // Editors count columns from 1.
    mentions: checked.mentions.map((mention) => ({ ...mention, column: mention.column! + 1 })),
    artifact: {
      runtime: 'python',
      form: checked.form,
      code: source,
      file,
      libraries: [],
      ...(chosen.needed && { packages: chosen.needed }),
    },
  };
}
