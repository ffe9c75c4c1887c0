/** Ends of lines that a source may have. An editor holds all of them as line feeds. */
const LINE_END = /\r\n?|\n/g;

/** Returns what ends the first line of a text; a line feed where it has one line only. */
export const lineEndOf = (text: string): string => /\r\n?|\n/.exec(text)?.[0] ?? '\n';

/** Returns a text as an editor holds it. */
export const toLineFeeds = (text: string): string => (text.includes('\r') ? text.replaceAll(LINE_END, '\n') : text);

/** Returns the text of an editor with the line ends that its source had. */
export const withLineEnd = (text: string, lineEnd: string): string =>
  lineEnd === '\n' ? text : text.replaceAll('\n', lineEnd);
