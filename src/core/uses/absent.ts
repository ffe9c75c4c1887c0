import type { Context } from '../access/context';
import type { Issue } from '../../kernel/errors';
import type { Mention } from '../code/mention.rules';

/** Returns the handlers and tables among `mentions` that do not exist. */
export async function absentOf({ store }: Pick<Context, 'store'>, mentions: readonly Mention[]): Promise<Mention[]> {
  const named = (kind: Mention['kind']): string[] =>
    mentions.flatMap((each) => (each.kind === kind ? [each.name] : []));
  const [tables, handlers] = [named('table'), named('handler')];
  const absent = {
    table: new Set(tables.length === 0 ? [] : await store.tables.absent(tables)),
    handler: new Set(handlers.length === 0 ? [] : await store.handlers.absent(handlers)),
  };
  return mentions.filter(({ kind, name }) => (kind === 'table' || kind === 'handler') && absent[kind].has(name));
}

/** Returns the message of a warning about a resource that does not exist. */
export const absenceOf = ({ kind, name }: Mention): string =>
  `${kind} ${kind === 'table' ? name.replace(/^public\./, '') : name} does not exist yet`;

/** Builds a warning about a name in a source, with its position: a pointer in a workflow, else line and column, after the file of many. */
export function warnAt({ pointer, file, line, column }: Mention, code: string, message: string): Issue {
  if (file !== undefined) return { pointer: '#/files', code, message: `${file}:${line}:${column}: ${message}` };
  return {
    pointer: `#/source${pointer ?? ''}`,
    code,
    message: line === undefined || pointer !== undefined ? message : `line ${line}, column ${column}: ${message}`,
    ...(line === undefined ? {} : { line, column: column! }),
  };
}
