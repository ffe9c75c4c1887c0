import type { Workflow } from '../workflow/document/workflow.schema';
import type { Mentions } from './mention.rules';

/** Languages by the ending of a handler's path. */
export const LANGUAGE_OF_EXTENSION = {
  js: 'javascript',
  mjs: 'javascript',
  ts: 'typescript',
  py: 'python',
  'workflow.json': 'workflow',
  'graph.json': 'graph',
} as const;
export type Language = (typeof LANGUAGE_OF_EXTENSION)[keyof typeof LANGUAGE_OF_EXTENSION];
/** Languages whose sources the runtime itself reads; a workflow is compiled before it gets there, a graph has no code. */
export type CodeLanguage = Exclude<Language, 'workflow' | 'graph'>;

/**
 * What saving a version leaves for the loader: module text, made once. `form` tells how the handler wants to be called: `named` gets
 * its parameters by name, `request` gets the request itself. `libraries` are those of Portico's libraries that it imports.
 */
export interface Artifact {
  /** Which runtime the isolate boots. */
  runtime: 'javascript' | 'python';
  form: 'named' | 'request';
  code: string;
  /** The script's name in tracebacks. */
  file?: string;
  libraries: string[];
  /** What the code names; not of published graphs, nor of versions that were saved before this was kept. */
  mentions?: Mentions;
  /** Only of published graphs, which have no code of their own. */
  graph?: GraphFacts;
  /** Only of workflows. */
  workflow?: WorkflowFacts;
}

/** A graph as it was when it was published. */
export interface GraphFacts {
  /** Key of its document, which nothing changes any more. */
  documentKey: string;
  /** Aliases of its public parameters, by the names that callers use. */
  aliases: Record<string, string>;
  /** Whether callers wait for the outputs, or are told where to ask for them. */
  answer: 'wait' | 'run';
}

/** What is known of a compiled workflow beside its code. */
export interface WorkflowFacts {
  kind: 'workflow' | 'middleware';
  /** Paths of the handlers that its steps call. */
  calls: string[];
  /** Names of the secrets that its steps use. */
  secrets: string[];
  /** Ids of its steps: what a test run may stop at or mock. */
  steps: string[];
  /** Does anything in it read `body` or `request`? Not of versions that were saved before this was kept. */
  readsBody?: boolean;
  /** Where each of them stands in the source, lines and columns from 1; not of versions that were saved before this was kept. */
  places?: [pointer: string, line: number, column: number][];
  /** Of a middleware: what is compiled once more for every endpoint that attaches it, with the values given there. */
  source?: Workflow;
}

/** The language of a handler's path, or null when its ending is none that Portico runs. */
export function languageOf(path: string): Language | null {
  const found = Object.entries(LANGUAGE_OF_EXTENSION).find(([extension]) => path.endsWith(`.${extension}`));
  return found?.[1] ?? null;
}
