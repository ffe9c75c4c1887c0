/* Messages between the editor and the worker with the TypeScript compiler. Offsets are UTF-16 units of the source as the user sees it. */

/** The source of a handler, and what the types of its parameters and context are. */
export interface HandlerSource {
  text: string;
  language: 'javascript' | 'typescript';
}

/** The types that surround a handler. */
export interface HandlerTypes {
  /** The text of portico.d.ts. */
  declarations: string;
  /** The endpoint whose parameters and secrets it gets; null for none. */
  endpoint: { identity: string; secrets: readonly string[] } | null;
}

export interface Finding {
  from: number;
  to: number;
  severity: 'error' | 'warning';
  message: string;
}

export interface Completion {
  label: string;
  /** The kind of a symbol, as TypeScript names it. */
  kind: string;
  sortText: string;
}

/** Description of the symbol at an offset. */
export interface Quick {
  from: number;
  to: number;
  text: string;
}

interface Requests {
  types: { input: HandlerTypes; output: null };
  check: { input: HandlerSource; output: Finding[] };
  complete: { input: HandlerSource & { at: number }; output: Completion[] };
  quick: { input: HandlerSource & { at: number }; output: Quick | null };
}
export type Question = keyof Requests;
export type InputOf<Q extends Question> = Requests[Q]['input'];
export type OutputOf<Q extends Question> = Requests[Q]['output'];

export type Request = { [Q in Question]: { id: number; question: Q; input: InputOf<Q> } }[Question];
export type Reply = { id: number; output: OutputOf<Question> } | { id: number; error: string };
