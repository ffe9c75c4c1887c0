import type { Bundle, InputFile } from '../../runtime/types';
import { toJson } from '../../kernel/long-integers';
import type { CallContext } from './call';

/** Checks whether steps of this workflow or middleware read the body. */
export const readsBody = ({ artifact: { workflow } }: Bundle): boolean =>
  workflow !== undefined && workflow.readsBody !== false;

/**
 * Returns the parsed body as `body` of steps: the same parse as for the parameters, so that a client cannot show one value to a middleware
 * and another to the handler. `json` is JSON text; files of a form come beside it.
 */
export function sentBody({ content }: CallContext): { json: string; files: InputFile[] } | null {
  if (content === null) return null;
  if (content.kind === 'json') return { json: content.text ?? toJson(content.value, false), files: [] };
  const files = [...content.files].flatMap(([field, list]) =>
    list.map((file): InputFile => ({ ...file, field, isSent: true })),
  );
  return { json: JSON.stringify(content.fields), files };
}
