/** Answers of the service, as far as the command reads them. docs/projects.md describes them. */
export interface Plan {
  project: string;
  generation: number;
  lastCommit: string | null;
  pushedAt: string | null;
  pushedBy: string | null;
  digest: string;
  steps: PlanStep[];
  unchanged: number;
  blocked: ('need' | 'invalid' | 'conflict' | 'loss' | 'stale')[];
  need: { documents: string[]; blobs: string[] };
  toSet: ToSet;
}

export interface ToSet {
  secrets: string[];
  keys: string[];
}

export interface PlanStep {
  kind: string;
  identity: string;
  action: 'create' | 'change' | 'merge' | 'delete' | 'adopt' | 'forget' | 'drift' | 'deleted' | 'left' | 'conflict';
  from?: string;
  reason?: string;
  allows?: string;
  changes?: Record<string, { from?: unknown; to?: unknown }>;
  conflicts?: Record<string, { base?: unknown; here?: unknown; there?: unknown }>;
  changedBy?: { actor: string; at: string };
  losses?: { word: string; message: string }[];
  issues?: ServiceIssue[];
}

/** An issue or a warning, with a JSON Pointer after `#` and, in a source, its place from 1. */
export interface ServiceIssue {
  pointer: string;
  code: string;
  message: string;
  line?: number;
  column?: number;
}

export interface Applied {
  generation: number;
  applied: { kind: string; identity: string; action: string; warnings?: ServiceIssue[] }[];
  done: boolean;
  toSet: ToSet;
}

export interface Session {
  user: { id: string; name: string; roles: string[] };
}

export interface PersonalToken {
  token: string;
  /** Id of the user for whom it acts. */
  user: string;
  expiresAt: string;
}
