import type { PackedFiles } from '../../../storage/handler-files';
import type { Context } from '../../access/context';
import type { Language } from '../../code/artifact';
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

const BUNDLED: readonly Language[] = ['javascript', 'typescript'];

/**
 * Checks a handler of many files by the code that was built of them, as a single source is checked, and builds the artifact. Issues name
 * places in the files. Throws 422 `invalid_source` with every issue, or `invalid_input` for files that are too many bytes.
 */
export async function prepareFiles(
  ctx: Pick<Context, 'runtime' | 'store'>,
  { language, path }: { language: Language; path: string },
  built: BuiltFiles,
): Promise<PreparedSource & { packed: PackedFiles }> {
  const map = checkParts(language, path, built);
  const packed = ctx.store.handlerFiles.pack(built);
  if (packed === null) throw tooLarge('the files and the source map have more bytes than a version may, compressed');
  const prepared = await ctx.runtime.prepare('bundle', built.code, path);
  if (prepared.kind === 'refused') {
    const issues = placeIssues(prepared.issues, map);
    throw new ApiError('invalid_source', issues[0]!.message, { issues });
  }
  const mentions = placeMentions(mentionsInJavaScript(built.code), map);
  const absent = await absentOf(ctx, mentions);
  return {
    artifact: { ...prepared.artifact, mentions: toMentions(mentions) },
    warnings: [
      ...placeIssues(prepared.warnings, map),
      ...absent.map((mention) => warnAt(mention, 'maybe_missing', absenceOf(mention))),
    ],
    mentions,
    packed,
  };
}

const issueOf = (code: string, message: string): Issue => ({ pointer: '#/files', code, message });
const tooLarge = (message: string): ApiError => invalidInput([issueOf('source_too_large', message)]);

/** Returns the source map. Throws 422 for parts that do not belong together, or are too large. */
function checkParts(language: Language, path: string, { document, texts, code, map }: BuiltFiles): SourceMap {
  if (!BUNDLED.includes(language)) throw invalidInput([issueOf('single_file', `a ${language} handler has one file`)]);
  if (!document.files.some((file) => file.path === `handlers/${path}`))
    throw invalidInput([issueOf('required', `must have the entry handlers/${path}`)]);
  const bytes = Object.values(texts).reduce((sum, text) => sum + utf8Length(text), 0);
  if (bytes > MAX_FILES_BYTES) throw tooLarge(`must have at most ${MAX_FILES_BYTES} bytes together, not ${bytes}`);
  const codeBytes = utf8Length(code);
  if (codeBytes > SOURCE_BYTES)
    throw tooLarge(`the code built of them must have at most ${SOURCE_BYTES} bytes, not ${codeBytes}`);
  const parsed = parseSourceMap(map);
  if (parsed === null) throw invalidInput([issueOf('source_map', 'the source map must be one of version 3')]);
  return parsed;
}

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
