/** Kinds of resources that a source can name, and that must exist or be allowed when it runs. A table is named `schema.name`. */
type MentionKind = 'table' | 'host' | 'secret' | 'handler';

/** A literal name in a source, and its position. Names computed at run time are not found. */
export interface Mention {
  kind: MentionKind;
  name: string;
  /** A JSON pointer, when the source is a workflow. */
  pointer?: string;
  /** The file, where the code is built of several. */
  file?: string;
  /** Both from 1. */
  line?: number;
  column?: number;
}

/** The names of one version as stored with it, without positions. Secrets of a workflow are in `WorkflowFacts`. */
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

/** Converts stored names to mentions without positions. */
export const fromMentions = ({ tables, hosts, secrets, calls }: Mentions & { calls: string[] }): Mention[] => [
  ...calls.map((name): Mention => ({ kind: 'handler', name })),
  ...tables.map((name): Mention => ({ kind: 'table', name })),
  ...hosts.map((name): Mention => ({ kind: 'host', name })),
  ...secrets.map((name): Mention => ({ kind: 'secret', name })),
];

const TABLE = /^(?:([a-z_][a-z0-9_]{0,62})\.)?([a-z_][a-z0-9_]{0,62})$/;

/** Returns the full name of a table from its name in code, or null when no table can have this name. */
export function fullTableName(name: string): string | null {
  const match = TABLE.exec(name);
  return match && `${match[1] ?? 'public'}.${match[2]}`;
}

/** Returns the host of a URL, or null when the text has only a part of it. `open`: more text follows at run time. */
export function hostIn(text: string, open: boolean): string | null {
  const match = /^https?:\/\/([^/?#\\]+)([/?#])?/i.exec(text);
  if (!match || (open && match[2] === undefined) || !URL.canParse(match[0])) return null;
  return new URL(match[0]).hostname;
}
