import type { QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Permission } from '../../../src/core/access/permitted.rules';
import type { Changed, Part } from './bulk.rules';

/** One change of many objects of a noun. */
export interface BulkVerb<Change> {
  /** On the button: `Switch off`. */
  label: string;
  /** After it: `Switched off`. */
  done: string;
  permission: Permission;
  change: Change;
  /** Asked first: what it does to others, and what of it the user chooses. */
  ask?: { warning?: string; Fields?: (props: FieldsProps<Change>) => ReactNode; isDanger?: true };
}

export interface FieldsProps<Change> {
  change: Change;
  onChange: (change: Change) => void;
}

/** All changes of many objects of a noun, and their requests. */
export interface Bulk<Change, Filter> {
  words: readonly [one: string, several: string];
  /** Queries that a change makes stale begin with this. */
  stale: QueryKey;
  verbs: readonly BulkVerb<Change>[];
  send: (part: Part<Change>) => Promise<{ items: Changed<Change>[] }>;
  /** Finds all that match, and changes nothing. */
  plan: (filter: Filter, change: Change) => Promise<{ items: Changed<Change>[] }>;
}
