import type { Workflow } from '../workflow/document/workflow.schema';
import type { Mentions } from './mention.rules';
import type { NeededPackages } from './package-set';

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
/** Languages whose sources the runtime parses. A workflow is compiled before that, a graph has no code. */
export type CodeLanguage = Exclude<Language, 'workflow' | 'graph'>;

/**
 * The result of saving a version, for the loader: module text. `form` is the calling convention of the handler: `named` gets its
 * parameters by name, `request` gets the request itself. `libraries` are the libraries of Portico that it imports.
 */
export interface Artifact {
  /** The runtime that the isolate starts. */
  runtime: 'javascript' | 'python';
  form: 'named' | 'request';
  code: string;
  /** The script's name in tracebacks; with `modules`, its path in the project. */
  file?: string;
  /** Python only: the other sources of its folder, by their paths in it. Missing for a handler of one file. */
  modules?: Record<string, string>;
  libraries: string[];
  /** Python only: the packages that the source declares. Missing when it declares none. */
  packages?: NeededPackages;
  /** Names in the code. Missing for published graphs, and for versions that were saved before names were stored. */
  mentions?: Mentions;
  /** Published graphs only, which have no code of their own. */
  graph?: GraphFacts;
  /** Workflows only. */
  workflow?: WorkflowFacts;
}

/** A graph at the time of its publication. */
export interface GraphFacts {
  /** Key of its document, which is immutable. */
  documentKey: string;
  /** Aliases of its public parameters, by the names that callers use. */
  aliases: Record<string, string>;
  /** `wait`: callers get the outputs; `run`: callers get the id of the graph to poll. */
  answer: 'wait' | 'run';
}

/** Facts about a compiled workflow besides its code. */
export interface WorkflowFacts {
  kind: 'workflow' | 'middleware';
  /** Paths of the handlers that its steps call. */
  calls: string[];
  /** Names of the secrets that its steps use. */
  secrets: string[];
  /** Ids of its steps, which a test run may mock or stop after. */
  steps: string[];
  /** True when an expression reads `body` or `request`. Missing for versions that were saved before this was stored. */
  readsBody?: boolean;
  /** Positions of the steps in the source, from 1. Missing for versions that were saved before this was stored. */
  places?: [pointer: string, line: number, column: number][];
  /** Middleware only: the workflow, compiled again for every endpoint that attaches it, with the values given there. */
  source?: Workflow;
}

/** Returns the language of a handler's path, or null when Portico does not run files with its ending. */
export function languageOf(path: string): Language | null {
  const found = Object.entries(LANGUAGE_OF_EXTENSION).find(([extension]) => path.endsWith(`.${extension}`));
  return found?.[1] ?? null;
}
