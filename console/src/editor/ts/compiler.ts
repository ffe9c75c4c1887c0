import ts from 'typescript-6';
import { annotations, inserted, toCopy, toSource, type Insertion } from './annotate.rules';
import type { Completion, Finding, HandlerSource, HandlerTypes, Quick } from './protocol';

/** Findings that are shown at most. */
const MAX_FINDINGS = 100;
const MAX_COMPLETIONS = 500;
const RUNTIME = '/runtime.d.ts';
const DECLARATIONS = '/portico.d.ts';
const SURROUNDINGS = '/surroundings.d.ts';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2024.d.ts'],
  types: [],
  strict: true,
  // A handler needs no types: what has none is not wrong.
  noImplicitAny: false,
  allowJs: true,
  checkJs: true,
  noEmit: true,
};

/** TypeScript over one handler. `libraries` are the declarations of the language and of the runtime, by the name of their file. */
export function createCompiler(libraries: Readonly<Record<string, string>>) {
  const files = new Map<string, { text: string; version: number }>();
  const write = (name: string, text: string): void => {
    const before = files.get(name);
    if (before?.text !== text) files.set(name, { text, version: (before?.version ?? 0) + 1 });
  };
  const read = (name: string): string | undefined => files.get(name)?.text ?? libraries[name.replace(/^\//, '')];
  let root = '/handler.ts';
  const service = ts.createLanguageService({
    getCompilationSettings: () => OPTIONS,
    getScriptFileNames: () => [root, RUNTIME, DECLARATIONS, SURROUNDINGS],
    getScriptVersion: (name) => String(files.get(name)?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = read(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => '/lib.es2024.d.ts',
    fileExists: (name) => read(name) !== undefined,
    readFile: read,
    directoryExists: () => false,
    getDirectories: () => [],
  });
  const open = ({ text, language }: HandlerSource): Insertion[] => {
    root = language === 'typescript' ? '/handler.ts' : '/handler.js';
    const insertions = annotations(ts.createSourceFile(root, text, ts.ScriptTarget.ES2024, true));
    write(root, inserted(text, insertions));
    return insertions;
  };
  const setTypes = ({ declarations, endpoint }: HandlerTypes): void => {
    write(DECLARATIONS, declarations);
    write(SURROUNDINGS, surroundings(endpoint));
  };
  setTypes({ declarations: 'declare namespace Portico { interface Context {} }', endpoint: null });
  return {
    setTypes,
    check(source: HandlerSource): Finding[] {
      const insertions = open(source);
      return [...service.getSyntacticDiagnostics(root), ...service.getSemanticDiagnostics(root)]
        .filter(({ start }) => start !== undefined)
        .slice(0, MAX_FINDINGS)
        .map(({ start = 0, length = 0, messageText, category }) => ({
          from: toSource(start, insertions),
          to: toSource(start + length, insertions),
          severity: category === ts.DiagnosticCategory.Error ? 'error' : 'warning',
          message: ts.flattenDiagnosticMessageText(messageText, '\n'),
        }));
    },
    complete({ at, ...source }: HandlerSource & { at: number }): Completion[] {
      const insertions = open(source);
      const found = service.getCompletionsAtPosition(root, toCopy(at, insertions), {
        includeCompletionsForModuleExports: false,
      });
      return (found?.entries ?? [])
        .filter(({ name }) => !name.startsWith('Portico') || source.language === 'typescript')
        .slice(0, MAX_COMPLETIONS)
        .map(({ name, kind, sortText }) => ({ label: name, kind, sortText }));
    },
    quick({ at, ...source }: HandlerSource & { at: number }): Quick | null {
      const insertions = open(source);
      const found = service.getQuickInfoAtPosition(root, toCopy(at, insertions));
      if (!found?.displayParts) return null;
      const { start, length } = found.textSpan;
      const remark = ts.displayPartsToString(found.documentation);
      return {
        from: toSource(start, insertions),
        to: toSource(start + length, insertions),
        text: ts.displayPartsToString(found.displayParts) + (remark === '' ? '' : `\n\n${remark}`),
      };
    },
  };
}

/** Declares what a handler gets: the parameters of its endpoint, and a context with the secrets that this endpoint lists. */
function surroundings(endpoint: HandlerTypes['endpoint']): string {
  if (endpoint === null) return 'type PorticoParams = Record<string, any>;\ntype PorticoContext = Portico.Context;\n';
  const name = JSON.stringify(endpoint.identity);
  const secrets = endpoint.secrets.map((secret) => JSON.stringify(secret)).join(' | ') || 'never';
  return [
    // An endpoint that declares no parameters passes the fields of the body as they are.
    `type PorticoParams = Portico.Parameters[${name}] extends Record<string, never> ? Record<string, any> : Portico.Parameters[${name}];`,
    `type PorticoContext = Omit<Portico.Context<${name}>, 'env'> & { env: Pick<Portico.Secrets, ${secrets}> };`,
    '',
  ].join('\n');
}
