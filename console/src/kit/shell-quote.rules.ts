/** Characters that a terminal acts on while they are pasted, or that hide from the reader what follows; not line feed and tab. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const octal = (char: string): string =>
  Array.from(new TextEncoder().encode(char), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

/**
 * Quotes a text for a POSIX shell: what is pasted runs in the shell of its reader, and the text may be an attacker's. Characters that end a
 * bracketed paste or turn the direction of text become escapes, in `$'…'`. Throws for NUL, which no argument can hold.
 */
export function posixQuoted(text: string): string {
  if (text.includes('\0')) throw new Error('an argument of a shell cannot hold NUL');
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", String.raw`\'`)
    .replace(UNSAFE, octal);
  return text.search(UNSAFE) === -1 ? `'${text.replaceAll("'", String.raw`'\''`)}'` : `$'${escaped}'`;
}
