import type { GraphDocument } from './graph-document.rules';

/** Unsaved changes of a user, on this machine. */
export interface KeptDraft {
  /** The revision on which it is based. */
  revision: number;
  doc: GraphDocument;
}

const keyOf = (userId: string, graphId: string): string => `portico.draft.${userId}.graph.${graphId}`;

/** Reads the draft of a user; null without one. */
export function readDraft(userId: string, graphId: string): KeptDraft | null {
  const text = localStorage.getItem(keyOf(userId, graphId));
  if (text === null) return null;
  try {
    return JSON.parse(text) as KeptDraft;
  } catch {
    // Another program may have written it.
    return null;
  }
}

/** Keeps a draft, or forgets it with null. Returns false where the browser has no room for it. */
export function keepDraft(userId: string, graphId: string, draft: KeptDraft | null): boolean {
  const key = keyOf(userId, graphId);
  if (draft === null) {
    localStorage.removeItem(key);
    return true;
  }
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}
