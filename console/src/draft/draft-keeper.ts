import type { DraftStart, Kept, LocalDraft, RemoteDraft } from './draft.rules';

/** Milliseconds after a key within which a text is kept on this machine, and of rest before it goes to the service. */
const LOCAL_MS = 200;
const REMOTE_MS = 2000;

/** Stores of drafts. */
export interface DraftPorts {
  local: { put: (draft: LocalDraft) => Promise<unknown>; remove: () => Promise<unknown> };
  remote: {
    /** Resolves to the new revision, or to null when another device has kept a text since. Rejects without an answer. */
    put: (draft: Pick<LocalDraft, 'text' | 'baseVersion' | 'follows'>) => Promise<number | null>;
    get: () => Promise<RemoteDraft | null>;
    remove: () => Promise<unknown>;
  };
}

export interface DraftState {
  text: string;
  baseVersion: number;
  kept: Kept;
  other: RemoteDraft | null;
}

/**
 * Keeps what is written in one editor: on this machine at once, and in the service when the keys rest. Two devices, or two tabs, never
 * overwrite each other: the later one is shown what the other one kept.
 */
export class DraftKeeper {
  private state: DraftState;
  private follows: number;
  private localTimer: ReturnType<typeof setTimeout> | undefined;
  private remoteTimer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly ports: DraftPorts;

  constructor(start: DraftStart, ports: DraftPorts) {
    const { text, baseVersion, kept, other, follows } = start;
    this.state = { text, baseVersion, kept, other };
    this.follows = follows;
    this.ports = ports;
  }

  getState = (): DraftState => this.state;
  /** Returns the current text, for parts of a screen that are not drawn again with each key. */
  getText = (): string => this.state.text;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private set(change: Partial<DraftState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Takes a text as it is written. */
  write = (text: string): void => {
    this.set({ text, kept: 'writing' });
    this.localTimer ??= setTimeout(() => void this.keepHere(), LOCAL_MS);
    clearTimeout(this.remoteTimer);
    this.remoteTimer = setTimeout(() => void this.send(), REMOTE_MS);
  };

  /** Keeps at once what is not kept yet: the page may be closed. */
  flush = (): void => {
    if (this.localTimer !== undefined) void this.keepHere();
  };

  private async keepHere(): Promise<void> {
    clearTimeout(this.localTimer);
    this.localTimer = undefined;
    const { text, baseVersion } = this.state;
    try {
      await this.ports.local.put({ text, baseVersion, follows: this.follows, isSent: false });
      if (this.state.text === text && this.state.kept !== 'service') this.set({ kept: 'machine' });
    } catch {
      if (this.state.kept !== 'service') this.set({ kept: 'full' });
    }
  }

  /** Sends the text to the service. Without a connection it stays on this machine, and goes with the next change. */
  private async send(): Promise<void> {
    // One at a time: each follows the revision that the one before it made.
    while (this.sending !== null) await this.sending;
    if (this.state.other !== null || this.state.kept === null) return;
    this.sending = this.sendNow();
    await this.sending;
    this.sending = null;
  }

  private async sendNow(): Promise<void> {
    const { text, baseVersion } = this.state;
    let revision: number | null;
    try {
      revision = await this.ports.remote.put({ text, baseVersion, follows: this.follows });
      if (revision === null) return await this.meet();
    } catch {
      return;
    }
    this.follows = revision;
    if (this.state.text !== text || this.state.kept === null) return;
    this.set({ kept: 'service' });
    await this.ports.local.put({ text, baseVersion, follows: revision, isSent: true }).catch(() => undefined);
  }

  /** Another device has kept a text: shows it, unless it is the same one or is gone. */
  private async meet(): Promise<void> {
    const other = await this.ports.remote.get();
    this.follows = other?.revision ?? 0;
    if (other !== null && other.text !== this.state.text) this.set({ other });
    else this.remoteTimer = setTimeout(() => void this.send(), REMOTE_MS);
  }

  /** Goes on with the text of the other device. */
  takeOther = (): void => {
    const { other } = this.state;
    if (other === null) return;
    this.follows = other.revision;
    this.set({ text: other.text, baseVersion: other.baseVersion, kept: 'service', other: null });
    void this.ports.local
      .put({ text: other.text, baseVersion: other.baseVersion, follows: other.revision, isSent: true })
      .catch(() => undefined);
  };

  /** Goes on with the text of this editor, which then replaces the other one. */
  keepMine = (): void => {
    const { other, text } = this.state;
    if (other === null) return;
    this.follows = other.revision;
    this.set({ other: null });
    this.write(text);
  };

  /** Goes on with a text on top of another version: after a conflict, or to edit an older version. */
  rebase = (text: string, baseVersion: number): void => {
    this.set({ baseVersion });
    this.write(text);
  };

  /** Forgets the draft, once it is saved or discarded; `text` and `version` are what is saved. */
  forget = async (text: string, version: number): Promise<void> => {
    clearTimeout(this.localTimer);
    clearTimeout(this.remoteTimer);
    this.localTimer = undefined;
    this.set({ text, baseVersion: version, kept: null, other: null });
    while (this.sending !== null) await this.sending;
    // New text is sent once the old draft is gone: it would go with it.
    this.sending = this.clear();
    await this.sending;
    this.sending = null;
  };

  private async clear(): Promise<void> {
    this.follows = 0;
    const isWritten = this.state.kept !== null;
    await Promise.allSettled([isWritten ? undefined : this.ports.local.remove(), this.ports.remote.remove()]);
  }

  /** Ends the timers. What was written stays kept. */
  close = (): void => {
    this.flush();
    clearTimeout(this.remoteTimer);
  };
}
