import type { Bundle, InputFile } from '../../runtime/types';
import { toJson } from '../../kernel/long-integers';
import type { CallContext } from './call';

/** Do steps of this workflow or middleware look at the body? */
export const readsBody = ({ artifact: { workflow } }: Bundle): boolean =>
  workflow !== undefined && workflow.readsBody !== false;

/**
 * What the body says, as `body` of steps: the very reading that the parameters are made of, so that no client can tell a guard one thing and
 * the handler another. `json` is JSON text; files of a form come beside it.
 */
export function sentBody({ content }: CallContext): { json: string; files: InputFile[] } | null {
  if (content === null) return null;
  if (content.kind === 'json') return { json: toJson(content.value, false), files: [] };
  const files = [...content.files].flatMap(([field, list]) =>
    list.map((file): InputFile => ({ ...file, field, isSent: true })),
  );
  return { json: JSON.stringify(content.fields), files };
}
