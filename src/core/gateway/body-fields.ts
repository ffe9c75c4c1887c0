import type { FileField } from '../parameters/sent';
import { ApiError } from '../../kernel/errors';
import { readContent, type Content } from './body-content';

/** The fields of a body by name. `text` is true when the values came from a form. */
export interface BodyFields {
  fields: Record<string, unknown>;
  text: boolean;
  files: Map<string, FileField[]>;
}

export const NO_FIELDS: BodyFields = { fields: {}, text: false, files: new Map() };

/** Returns the fields of a body: none without a body, or for the JSON `null`. Throws 422 for JSON that is not an object. */
export function toFields(content: Content | null): BodyFields {
  // null is what axios sends for no data under a JSON type.
  if (content === null || (content.kind === 'json' && content.value === null)) return NO_FIELDS;
  if (content.kind === 'form') return { fields: content.fields, text: true, files: content.files };
  const { value } = content;
  if (typeof value !== 'object' || Array.isArray(value)) {
    const issues = [
      { pointer: '#/body', code: 'not_an_object', message: 'must be a JSON object, with the parameters by name' },
    ];
    throw new ApiError('invalid_parameters', 'The body must be a JSON object, with the parameters by name.', {
      issues,
    });
  }
  return { fields: value as Record<string, unknown>, text: false, files: NO_FIELDS.files };
}

/** Parses a body into fields. Throws as `readContent` and `toFields` do. */
export const readBodyFields = (contentType: string | null, bytes: ArrayBuffer | null): BodyFields =>
  toFields(bytes === null ? null : readContent(contentType, bytes));
