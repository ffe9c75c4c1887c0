interface Shown {
  isEditable: boolean;
  isDirty: boolean;
  isSaving: boolean;
  isFull: boolean;
  theirs: { revision: number } | null;
  graph: { isOwn: boolean; status: string; author: string | null; revision: number };
  state: { nodes: readonly { endedAt: string | null }[] };
}

/** Returns the one word for the state of what the user changes. */
export function stateWord({ isEditable, isDirty, isSaving, isFull, theirs, graph, state }: Shown): string {
  if (theirs) return `Conflict: revision ${theirs.revision} was saved`;
  if (isSaving) return 'Saving…';
  if (isFull && isDirty) return 'Not kept: storage is full';
  if (isDirty) return 'Draft, kept on this machine';
  if (isEditable) return `Saved, revision ${graph.revision}`;
  if (graph.status !== 'CREATED') {
    const ended = state.nodes.filter(({ endedAt }) => endedAt !== null).length;
    return `Approved, read-only. ${ended} of ${state.nodes.length} started nodes have ended`;
  }
  return graph.isOwn ? 'Read-only' : `Read-only: it belongs to ${graph.author ?? 'a deleted user'}`;
}
