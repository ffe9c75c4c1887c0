import type { Issue } from '../../kernel/errors';

/** A place as parsers count it: lines from 1, columns from 0. */
export interface SourcePlace {
  line: number;
  column: number;
}

/** Builds an issue of the source of a handler. Its column counts from 1, as editors do. */
export const sourceIssue = (code: 'syntax' | 'import' | 'export', message: string, place?: SourcePlace): Issue => ({
  pointer: '#/source',
  code: `source_${code}`,
  message,
  ...(place && { line: place.line, column: place.column + 1 }),
});

/** Returns the message of an issue, after its place when it has one. */
export const placedMessage = ({ line, column, message }: Issue): string =>
  line === undefined ? message : `line ${line}, column ${column ?? 1}: ${message}`;
