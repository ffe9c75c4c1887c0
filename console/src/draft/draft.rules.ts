/** A draft as this machine keeps it. */
export interface LocalDraft {
  text: string;
  /** The version that the draft began with; 0 for none. */
  baseVersion: number;
  /** Revision of the draft in the service that this text follows; 0 for none. */
  follows: number;
  /** True when the service has this text. */
  isSent: boolean;
}

/** A draft as the service keeps it, for all devices of its user. */
export interface RemoteDraft {
  text: string;
  baseVersion: number;
  revision: number;
  updatedAt: string;
}

/** The text that an editor opens with. */
export interface DraftStart {
  text: string;
  baseVersion: number;
  follows: number;
  /** Place where the draft is kept already. */
  kept: 'service' | 'machine' | null;
  /** The newer draft of another device, when it differs. */
  other: RemoteDraft | null;
}

/** Decides between what is saved, what this machine kept, and what the service kept. No text that a user wrote is passed over silently. */
export function startOf(
  saved: { text: string; version: number },
  local: LocalDraft | null,
  remote: RemoteDraft | null,
): DraftStart {
  const clean: DraftStart = {
    text: saved.text,
    baseVersion: saved.version,
    follows: remote?.revision ?? 0,
    kept: null,
    other: null,
  };
  if (local === null && remote === null) return clean;
  if (remote !== null && (local === null || local.isSent || local.text === remote.text))
    return {
      text: remote.text,
      baseVersion: remote.baseVersion,
      follows: remote.revision,
      kept: remote.text === saved.text ? null : 'service',
      other: null,
    };
  if (local === null) return clean;
  // Saved or discarded on another device, while this machine has more.
  if (remote === null)
    return local.isSent || local.text === saved.text ? clean : { ...local, follows: 0, kept: 'machine', other: null };
  const isNewer = remote.revision !== local.follows;
  return { ...local, kept: 'machine', other: isNewer ? remote : null };
}

/** Place of the text on the screen. `writing`: not yet anywhere. `full`: the storage of the browser refused it. */
export type Kept = 'writing' | 'machine' | 'service' | 'full' | null;

export interface EditorState {
  isChanged: boolean;
  kept: Kept;
  isSaving: boolean;
  /** Act of another user or device, such as `v5 was saved`; null for none. */
  conflict: string | null;
  /** The version that is shown or that the draft began with; 0 for none. */
  version: number;
}

/** Returns the one state that an editor shows. */
export function stateWord({ isChanged, kept, isSaving, conflict, version }: EditorState): string {
  if (isSaving) return 'Saving…';
  if (conflict !== null) return `Conflict: ${conflict}`;
  if (!isChanged) return version === 0 ? 'Nothing to save' : `Saved v${version}`;
  switch (kept) {
    case 'full':
      return 'Not kept: storage is full';
    case 'service':
      return 'Draft, kept in the service';
    case 'machine':
      return 'Draft, kept on this machine';
    default:
      return 'Draft, being kept';
  }
}
