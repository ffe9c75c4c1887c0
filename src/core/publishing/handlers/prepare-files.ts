import type { PackedFiles } from '../../../storage/handler-files';
import type { Context } from '../../access/context';
import type { Artifact, Language } from '../../code/artifact';
import { toMentions, type Mention } from '../../code/mention.rules';
import { mentionsInJavaScript } from '../../code/mentions-in-javascript.rules';
import { findPlaces, parseSourceMap, type SourceMap } from '../../code/source-map.rules';
import { absenceOf, absentOf, warnAt } from '../../uses/absent';
import type { PreparedSource } from '../../workflow/compile/prepare-workflow';
import { ApiError, type Issue } from '../../../kernel/errors';
import { utf8Length } from '../../../kernel/encoding';
import { invalidInput } from '../../../kernel/issues';
import { SOURCE_BYTES } from './handler.schema';
import { MAX_FILES_BYTES, type BuiltFiles } from './source-files.schema';

/**
 * Checks a handler of many files, as a single source is checked, and builds the artifact: JavaScript by the code that was built of them, Python
 * by its files. Issues name places in the files. Throws 422 `invalid_source` with every issue, or `invalid_input` for files that are too
 * many bytes.
 */
export async function prepareFiles(
  ctx: Pick<Context, 'runtime' | 'store'>,
  handler: { language: Language; path: string },
  built: BuiltFiles,
): Promise<PreparedSource & { packed: PackedFiles }> {
  checkFiles(handler, built);
  const packed = ctx.store.handlerFiles.pack({ texts: built.texts, map: built.module?.map ?? '' });
  if (packed === null) throw tooLarge('the files and the source map have more bytes than a version may, compressed');
  const prepared = await (handler.language === 'python'
    ? preparePythonFiles(ctx, handler.path, built)
    : prepareModule(ctx, handler, built));
  if ('refused' in prepared) {
    const issues = prepared.refused;
    throw new ApiError('invalid_source', issues[0]!.message, { issues });
  }
  const { mentions } = prepared;
  const absent = await absentOf(ctx, mentions);
  return {
    artifact: { ...prepared.artifact, mentions: toMentions(mentions) },
    warnings: [...prepared.warnings, ...absent.map((mention) => warnAt(mention, 'maybe_missing', absenceOf(mention)))],
    mentions,
    packed,
  };
}

type PreparedFiles = { artifact: Artifact; warnings: Issue[]; mentions: Mention[] } | { refused: Issue[] };

const issueOf = (code: string, message: string): Issue => ({ pointer: '#/files', code, message });
const invalid = (code: string, message: string): ApiError => invalidInput([issueOf(code, message)]);
const tooLarge = (message: string): ApiError => invalid('source_too_large', message);

/** Throws 422 for files that have no entry, or are too large. */
function checkFiles({ language, path }: { language: Language; path: string }, { document, texts }: BuiltFiles): void {
  if (language === 'workflow' || language === 'graph')
    throw invalid('single_file', `a ${language} handler has one file`);
  if (!document.files.some((file) => file.path === `handlers/${path}`))
    throw invalid('required', `must have the entry handlers/${path}`);
  const bytes = Object.values(texts).reduce((sum, text) => sum + utf8Length(text), 0);
  if (bytes > MAX_FILES_BYTES) throw tooLarge(`must have at most ${MAX_FILES_BYTES} bytes together, not ${bytes}`);
}

/** Checks the module that was built of JavaScript and TypeScript. */
async function prepareModule(
  ctx: Pick<Context, 'runtime'>,
  { language, path }: { language: Language; path: string },
  { module }: BuiltFiles,
): Promise<PreparedFiles> {
  if (module === null) throw invalid('required', `must have the module that was built of its files: it is ${language}`);
  const codeBytes = utf8Length(module.code);
  if (codeBytes > SOURCE_BYTES)
    throw tooLarge(`the code built of them must have at most ${SOURCE_BYTES} bytes, not ${codeBytes}`);
  const map = parseSourceMap(module.map);
  if (map === null) throw invalid('source_map', 'the source map must be one of version 3');
  const prepared = await ctx.runtime.prepare('bundle', module.code, path);
  if (prepared.kind === 'refused') return { refused: placeIssues(prepared.issues, map) };
  return {
    artifact: prepared.artifact,
    warnings: placeIssues(prepared.warnings, map),
    mentions: placeMentions(mentionsInJavaScript(module.code), map),
  };
}

/** Checks the files of a Python handler: the entry, and the modules beside and below it. Other files are kept only. */
async function preparePythonFiles(
  ctx: Pick<Context, 'runtime'>,
  path: string,
  { texts, module }: BuiltFiles,
): Promise<PreparedFiles> {
  if (module !== null) throw invalid('not_built', 'files of Python run as they are: `built` must be null');
  const entry = `handlers/${path}`;
  const folder = entry.slice(0, entry.lastIndexOf('/') + 1);
  const outside = Object.keys(texts).find((file) => !file.startsWith(folder));
  if (outside !== undefined) throw invalid('outside', `${outside} is not in ${folder}, the folder of the handler`);
  const sources = Object.entries(texts).filter(([file]) => file.endsWith('.py') && file !== entry);
  const modules = Object.fromEntries(sources.map(([file, text]) => [file.slice(folder.length), text]));
  const prepared = await ctx.runtime.prepare('python', texts[entry]!, entry, modules);
  if (prepared.kind === 'refused') return { refused: prepared.issues.map(atFiles) };
  return {
    artifact: prepared.artifact,
    warnings: prepared.warnings.map(atFiles),
    mentions: prepared.mentions ?? [],
  };
}

const atFiles = (issue: Issue): Issue => ({ ...issue, pointer: '#/files' });

function placeIssues(issues: readonly Issue[], map: SourceMap): Issue[] {
  const places = findPlaces(
    map,
    issues.map(({ line = 0, column = 1 }) => ({ line, column })),
  );
  return issues.map(({ code, message }, i) => {
    const place = places[i];
    return issueOf(code, place ? `${place.file}:${place.line}:${place.column}: ${message}` : message);
  });
}

/** Returns the names with their places in the files, without those in packages. */
function placeMentions(mentions: readonly Mention[], map: SourceMap): Mention[] {
  const places = findPlaces(
    map,
    mentions.map(({ line = 0, column = 1 }) => ({ line, column })),
  );
  return mentions.flatMap((mention, i) => {
    const place = places[i];
    return !place || /(?:^|\/)node_modules\//.test(place.file) ? [] : [{ ...mention, ...place }];
  });
}
