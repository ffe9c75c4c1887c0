import type { Completion } from '@codemirror/autocomplete';
import type { Finding } from './finding.rules';
import type { HandlerSource, HandlerTypes, Quick } from './ts/protocol';
import { askCompiler } from './ts/ts-client';

/** Knowledge of a compiler about a source. */
export interface Assist {
  check: (text: string) => Promise<Finding[]>;
  complete: (text: string, at: number) => Promise<Completion[]>;
  quick: (text: string, at: number) => Promise<Quick | null>;
}

/** Kinds of TypeScript, by the name of their sign in the list of completions. */
const SIGNS: Record<string, string> = {
  method: 'method',
  function: 'function',
  'local function': 'function',
  property: 'property',
  getter: 'property',
  class: 'class',
  interface: 'interface',
  type: 'type',
  enum: 'enum',
  keyword: 'keyword',
  module: 'namespace',
  string: 'text',
};

/** Opens the compiler, in its worker, over a handler and the types that surround it. */
export function typeScriptAssist(language: HandlerSource['language'], types: HandlerTypes): Assist {
  // The worker answers in the order of the questions.
  void askCompiler('types', types).catch(() => undefined);
  return {
    check: (text) => askCompiler('check', { text, language }),
    complete: async (text, at) =>
      (await askCompiler('complete', { text, language, at })).map(({ label, kind, sortText }) => ({
        label,
        type: SIGNS[kind] ?? 'variable',
        sortText,
      })),
    quick: (text, at) => askCompiler('quick', { text, language, at }),
  };
}
