import type { OperationOutcome } from './operation-outcome';
import type { OperationFile, PythonJob } from './jobs';
import type { ReadAsset } from '../languages/python-assets';

/** A jinja2 template and the names that it may use. */
export interface JinjaTemplate {
  source: string;
  context: Record<string, Record<string, unknown>>;
}

/** A place where a template writes the text of a parameter into a shell script. `nested`: quoted inside quotes, which undoes both. */
export interface UnquotedPlace {
  line: number;
  parameter: string;
  why: 'unquoted' | 'nested';
}

/** Renders and inspects templates, in an isolate: a template is code. */
export interface Templates {
  /** Renders a template. Throws with jinja2's message. */
  render: (template: JinjaTemplate) => Promise<string>;
  /**
   * Finds the places where each template writes its published parameters without the filter `quote`: the first 100 places, by line, or the
   * error of the template. Throws when the check itself fails.
   */
  findUnquoted: (scripts: { source: string; published: string[] }[]) => Promise<(UnquotedPlace[] | string)[]>;
}

type RunPython = (job: PythonJob, files: OperationFile[], timeoutMs: number) => Promise<OperationOutcome>;

/** Wall time, booting CPython on a busy machine included; the renderer counts its steps and ends much earlier. */
const TIME_MS = 30_000;
const FOLDER = '/tmp/templates';
const ANSWER = 'answer';
const SCRIPT = `import sys
sys.path.insert(0, "${FOLDER}/templates.zip")
import portico_templates
portico_templates.main()
`;

/** Renders templates with jinja2 itself: each as a Python operation of its own, whose script is the renderer. */
export function createTemplates(runPython: RunPython, read: ReadAsset): Templates {
  const ask = async (job: object): Promise<string> => {
    const file = (name: string, bytes: ArrayBuffer): OperationFile => ({ path: `${FOLDER}/${name}`, types: [], bytes });
    const files = [
      file('templates.zip', await read('templates.zip')),
      file('job.json', Uint8Array.from(new TextEncoder().encode(JSON.stringify(job))).buffer),
    ];
    const outputs = [{ name: ANSWER, path: `${FOLDER}/${ANSWER}`, type: 'file' }];
    const { exitCode, error, ...left } = await runPython({ script: SCRIPT, folder: FOLDER, outputs }, files, TIME_MS);
    if (exitCode === 0) return textOf(left.outputs.get(ANSWER));
    if (error === 'timeout') throw new Error('The template took too long');
    throw new Error((error ?? textOf(left.logs.get('stderr'))).slice(0, 4096));
  };
  return {
    render: ask,
    findUnquoted: async (scripts) => readAll(JSON.parse(await ask({ scripts })), scripts.length),
  };
}

const textOf = (bytes: Uint8Array | undefined): string =>
  new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);

/** Parses the result of an isolate that parsed templates, so it is checked. */
function readAll(answer: unknown, count: number): (UnquotedPlace[] | string)[] {
  if (!Array.isArray(answer) || answer.length !== count) throw new TypeError('The isolate did not return a list');
  return answer.map((one: unknown) => (typeof one === 'string' ? one.slice(0, 4096) : readPlaces(one)));
}

function readPlaces(answer: unknown): UnquotedPlace[] {
  if (!Array.isArray(answer)) throw new TypeError('The isolate did not return places');
  return answer.map((row: unknown) => {
    const [line, parameter, why] = Array.isArray(row) ? (row as unknown[]) : [];
    if (typeof line !== 'number' || typeof parameter !== 'string' || (why !== 'unquoted' && why !== 'nested'))
      throw new TypeError('The isolate returned a malformed place');
    return { line, parameter, why };
  });
}
