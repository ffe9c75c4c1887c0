import { parse, TomlError } from 'smol-toml';
import { PYTHON } from './marker.rules.ts';
import { allowsVersion, parseRequirement } from './requirement.rules.ts';

/** The block of a Python script that declares what it needs, as PEP 723 defines it. `line` is where it begins. */
export type ScriptMetadata =
  | { kind: 'none' }
  | { kind: 'declared'; requires: string[]; line: number }
  | { kind: 'invalid'; message: string; line: number };

const MAX_REQUIREMENTS = 100;
/** The expression of PEP 723. */
const BLOCK = /^# \/\/\/ ([a-zA-Z0-9-]+)$\s((?:^#(?:| .*)$\s)+)^# \/\/\/$/gm;

/** Reads the block `script` of a source. `requires` are its dependencies, as written. */
export function readScriptMetadata(source: string): ScriptMetadata {
  const text = source.replaceAll('\r\n', '\n');
  const [block, second] = [...text.matchAll(BLOCK)].filter(([, type]) => type === 'script');
  if (block === undefined) return { kind: 'none' };
  const line = text.slice(0, block.index).split('\n').length;
  if (second !== undefined) return invalid('has more than one block `script`', line);
  const toml = block[2]!.replaceAll(/^# ?/gm, '');
  try {
    return readTable(parse(toml), line);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return invalid(`has a block \`script\` that is not TOML: ${error.message.split('\n')[0]}`, line + error.line);
  }
}

const invalid = (message: string, line: number): ScriptMetadata => ({ kind: 'invalid', message, line });

function readTable(table: Record<string, unknown>, line: number): ScriptMetadata {
  const { dependencies = [], 'requires-python': python = '' } = table;
  if (typeof python !== 'string' || !allowsPython(python))
    return invalid(`requires-python does not allow Python ${PYTHON}, which runs here`, line);
  const isList = Array.isArray(dependencies) && dependencies.every((one) => typeof one === 'string');
  if (!isList || dependencies.length > MAX_REQUIREMENTS)
    return invalid(`dependencies must be a list of at most ${MAX_REQUIREMENTS} texts`, line);
  const unknown = dependencies.find((text) => parseRequirement(text) === null);
  if (unknown !== undefined)
    return invalid(
      `dependencies has ${JSON.stringify(unknown)}, which is not a name with versions, such as "pandas>=2"`,
      line,
    );
  return { kind: 'declared', requires: dependencies, line };
}

function allowsPython(specifier: string): boolean {
  const parsed = parseRequirement(`python ${specifier}`);
  return parsed !== null && allowsVersion(parsed.specifier, PYTHON);
}
