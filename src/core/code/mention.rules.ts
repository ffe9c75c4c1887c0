/** What a source can name that has to be there, or to be allowed, when it runs. A table is named `schema.name`. */
export type MentionKind = 'table' | 'host' | 'secret' | 'handler';

/** A name that a source spells out, and where. Names that are only known when it runs are not found. */
export interface Mention {
  kind: MentionKind;
  name: string;
  /** A JSON pointer into a workflow, where the source is one. */
  pointer?: string;
  /** Both from 1. */
  line?: number;
  column?: number;
}

/** The names of one version, without their places: what is stored with it. Secrets of a workflow are in `WorkflowFacts`. */
export interface Mentions {
  tables: string[];
  hosts: string[];
  secrets: string[];
}

const namesOf = (mentions: readonly Mention[], kind: MentionKind): string[] => [
  ...new Set(mentions.flatMap((mention) => (mention.kind === kind ? [mention.name] : []))),
];

export const toMentions = (mentions: readonly Mention[]): Mentions => ({
  tables: namesOf(mentions, 'table'),
  hosts: namesOf(mentions, 'host'),
  secrets: namesOf(mentions, 'secret'),
});

/** Stored names as mentions again; where they stand is not known any more. */
export const fromMentions = ({ tables, hosts, secrets, calls }: Mentions & { calls: string[] }): Mention[] => [
  ...calls.map((name): Mention => ({ kind: 'handler', name })),
  ...tables.map((name): Mention => ({ kind: 'table', name })),
  ...hosts.map((name): Mention => ({ kind: 'host', name })),
  ...secrets.map((name): Mention => ({ kind: 'secret', name })),
];

const TABLE = /^(?:([a-z_][a-z0-9_]{0,62})\.)?([a-z_][a-z0-9_]{0,62})$/;

/** The full name of a table as handlers name it, or null when no table can have this name. */
export function fullTableName(name: string): string | null {
  const match = TABLE.exec(name);
  return match && `${match[1] ?? 'public'}.${match[2]}`;
}

/** The host that a text of a URL leads to, where the text has all of it: what follows may still be computed when `open`. */
export function hostIn(text: string, open: boolean): string | null {
  const match = /^https?:\/\/([^/?#\\]+)([/?#])?/i.exec(text);
  if (!match || (open && match[2] === undefined) || !URL.canParse(match[0])) return null;
  return new URL(match[0]).hostname;
}
