import type { CommitResult, Precondition, Write } from '../../storage/commit';
import type { Used } from '../uses/use.schema';
import type { ApiError } from '../../kernel/errors';

export type Refused = Exclude<CommitResult, { kind: 'done' }>;
export type Explain = (result: Refused) => ApiError | undefined | Promise<ApiError | undefined>;

/** One change of a resource, with everything that belongs to it. */
export interface Change {
  /** `noun.verb`, for the audit trail. */
  action: `${string}.${string}`;
  /** Id, or name, of the changed resource. */
  id: string;
  /** The changed fields, for the audit trail. Never has the value of a key, password, token or secret. */
  changes?: Record<string, unknown>;
  /** The deciding statement: when it changes no row, nothing of this change happens. */
  write: Write;
  /** The revision that `write` requires; none for a new resource. */
  revision?: number;
  /** Dependent statements, in the same batch. */
  also?: readonly Write[];
  /** Conditions of the same batch, for example that a role still exists. */
  requires?: readonly Precondition[];
  /** Refuses the change with 409 `in_use`, and `advice`, while something uses `used`; `force` overrides the uses that may be overridden. */
  unused?: { used: Used; force: boolean; advice: string } | undefined;
  /** The response to a creation: a repeat with the same Idempotency-Key gets it. */
  answer?: unknown;
  /** The error for a value that already exists in a unique index. */
  taken?: ApiError;
  /** Returns a more specific error than the usual one, or undefined. */
  explain?: Explain;
  /** Undoes preparations outside of the database, when the change is refused. */
  undo?: () => Promise<unknown>;
}
