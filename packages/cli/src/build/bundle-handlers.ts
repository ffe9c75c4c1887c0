import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { BuildFailure, BuildOptions, Message, Metafile } from 'esbuild';
import { canonicalJson } from '../../../../src/kernel/normal-form.ts';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { SOURCE_BYTES } from '../../../../src/core/publishing/handlers/handler.schema.ts';
import {
  SourceFiles,
  MAX_FILES_BYTES,
  type BuiltFiles,
} from '../../../../src/core/publishing/handlers/source-files.schema.ts';
import type { FileIssue } from '../project/jsonc.ts';
import type { Folder, FolderObject } from '../project/read-folder.ts';
import { issueIn } from '../project/read-text.ts';
import { importsForeign } from './foreign-imports.ts';
import { isInPackage, resolvePlugin } from './resolve-plugin.ts';
import { packageReader } from './used-packages.ts';

/** Part of the identity of each bundle, with the version of esbuild: what goes in is the same, and what comes out may not be. */
const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2024',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'browser', 'import'],
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  charset: 'utf8',
  // No setting of a folder changes what comes out.
  tsconfigRaw: '{}',
} as const satisfies BuildOptions;

/**
 * Bundles the handlers that have many files or import what the runtime does not provide: relative files, npm packages. A folder of Python
 * stays as it is. Returns the project with what each is built of, and the issues of all.
 */
export async function bundleHandlers(folder: string, read: Folder): Promise<Folder> {
  const python = new Map(read.objects.filter(isPythonFolder).map((object) => [object, toPythonFolder(object)]));
  const wanted = read.objects.filter(
    ({ kind, file, parts, source = '' }) =>
      kind === 'handler' && /\.(?:ts|js|mjs)$/.test(file) && (parts !== undefined || importsForeign(source)),
  );
  const built = wanted.length === 0 ? NOTHING : await bundle(folder, wanted);
  return {
    objects: read.objects.map((object) => python.get(object) ?? built.objects.get(object) ?? object),
    fileIssues: [...read.fileIssues, ...built.fileIssues, ...[...python.values()].flatMap(issuesOfFiles)],
  };
}

const isPythonFolder = ({ kind, file, parts }: FolderObject): boolean =>
  kind === 'handler' && file.endsWith('.py') && parts !== undefined;

/** Returns a Python handler with the files of its folder, which run as they are. */
const toPythonFolder = (handler: FolderObject): FolderObject =>
  withFiles(
    handler,
    { [handler.file]: handler.source!, ...handler.parts },
    { packages: [], tool: 'none', module: null },
  );

interface BuiltHandlers {
  objects: Map<FolderObject, FolderObject>;
  fileIssues: FileIssue[];
}
const NOTHING: BuiltHandlers = { objects: new Map(), fileIssues: [] };

async function bundle(given: string, handlers: readonly FolderObject[]): Promise<BuiltHandlers> {
  // esbuild names files by their real paths.
  const folder = realpathSync(given);
  const toRelative = (path: string): string => relative(folder, path).replaceAll(sep, '/');
  const { build, version } = await import('esbuild');
  const texts = new Map<string, string>();
  try {
    const { outputFiles, metafile } = await build({
      ...OPTIONS,
      absWorkingDir: folder,
      entryPoints: handlers.map(({ file }, i) => ({ in: `./${file}`, out: String(i) })),
      outdir: folder,
      sourcemap: 'external',
      sourcesContent: false,
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [resolvePlugin(folder, toRelative, texts)],
    });
    const outputs = new Map(outputFiles.map(({ path, text }) => [toRelative(path), text]));
    const packagesOf = packageReader(folder);
    const tool = `esbuild ${version}`;
    const made = handlers.map((handler, i) => {
      const output = metafile.outputs[`${i}.js`]!;
      const [code, map] = [outputs.get(`${i}.js`)!, outputs.get(`${i}.js.map`)!];
      const object = toBuilt(handler, { output, texts, packagesOf, tool, code, map });
      return { handler, object, fileIssues: limitIssues(object, output) };
    });
    return {
      objects: new Map(made.map(({ handler, object }) => [handler, object])),
      fileIssues: made.flatMap(({ fileIssues }) => fileIssues),
    };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { objects: new Map(), fileIssues: error.errors.map(toFileIssue) };
  }
}

interface Bundled {
  output: Metafile['outputs'][string];
  texts: ReadonlyMap<string, string>;
  packagesOf: ReturnType<typeof packageReader>;
  tool: string;
  code: string;
  map: string;
}

/** Adds to a handler what it is built of. One of a single file without packages stays as it is. */
function toBuilt(handler: FolderObject, { output, texts, packagesOf, tool, code, map }: Bundled): FolderObject {
  const inputs = Object.keys(output.inputs);
  const imported = inputs.filter((input) => texts.has(input));
  const packages = packagesOf(inputs);
  const isSingle = imported.every((input) => input === handler.file) && packages.length === 0;
  if (handler.parts === undefined && isSingle) return handler;
  const own = Object.fromEntries(imported.map((input) => [input, texts.get(input)!]));
  const all: Record<string, string> = { [handler.file]: handler.source!, ...handler.parts, ...own };
  return withFiles(handler, all, { packages, tool, module: { code, map: toMap(map) } });
}

function withFiles(
  handler: FolderObject,
  texts: Record<string, string>,
  { module, ...made }: Pick<SourceFiles, 'packages' | 'tool'> & Pick<BuiltFiles, 'module'>,
): FolderObject {
  const paths = Object.keys(texts).toSorted();
  const document = { files: paths.map((path) => ({ path, sha256: sha256Hex(texts[path]!) })), ...made };
  return { ...handler, sha256: sha256Hex(canonicalJson(document)), document, built: { document, texts, module } };
}

/** Returns a source map whose sources are paths of the project; packages are named from their `node_modules`. */
function toMap(text: string): string {
  const { sources, mappings } = JSON.parse(text) as { sources: string[]; mappings: string };
  const named = sources.map((source) =>
    isInPackage(source) ? source.replace(/^.*?node_modules\//, 'node_modules/') : source,
  );
  return JSON.stringify({ version: 3, sources: named, mappings });
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);

function toFileIssue({ text, location, notes }: Message): FileIssue {
  const name = /^Could not resolve "(.+)"$/.exec(text)?.[1];
  const message =
    name !== undefined && !/^[./#]/.test(name)
      ? `cannot find the package ${name}: npm install ${name}`
      : [text, ...notes.map((note) => note.text)].join(' ');
  return issueIn(
    location?.file ?? 'portico.jsonc',
    message,
    location ? { line: location.line, column: location.column + 1 } : undefined,
  );
}

/** Returns what keeps the service from taking a handler of many files. */
function limitIssues(object: FolderObject, { inputs }: Bundled['output']): FileIssue[] {
  const codeBytes = Buffer.byteLength(object.built?.module?.code ?? '');
  const message = `is ${codeBytes} bytes of code with what it imports, more than ${SOURCE_BYTES}: ${largestOf(inputs)}`;
  return [...issuesOfFiles(object), ...(codeBytes > SOURCE_BYTES ? [issueIn(object.file, message)] : [])];
}

/** Returns what keeps the service from taking the files of a handler. */
function issuesOfFiles({ file, built }: FolderObject): FileIssue[] {
  if (built === undefined) return [];
  const bytes = Object.values(built.texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const checked = SourceFiles.safeParse(built.document);
  const messages = [
    ...(checked.success ? [] : checked.error.issues.map(({ message, path }) => `${path.join('.')} ${message}`)),
    ...(bytes > MAX_FILES_BYTES ? [`has files of ${bytes} bytes together, more than ${MAX_FILES_BYTES}`] : []),
  ];
  return messages.map((message) => issueIn(file, message));
}

/** Parts of a bundle that an issue names. */
const MAX_NAMED = 3;

/** Names the packages and files with the most code in a bundle. */
function largestOf(inputs: Bundled['output']['inputs']): string {
  const sizes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? path;
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  const largest = [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, MAX_NAMED);
  return largest.map(([name, size]) => `${name} ${Math.ceil(size / 1024)} KiB`).join(', ');
}
