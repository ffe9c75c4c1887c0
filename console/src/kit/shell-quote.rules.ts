/** Quotes a text for a POSIX shell: what is pasted runs in the shell of its reader, and the text may be an attacker's. */
export const posixQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
