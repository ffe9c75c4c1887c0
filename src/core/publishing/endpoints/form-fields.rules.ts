import { ApiError, quoted } from '../../../kernel/errors';
import { acceptedNames } from '../../parameters/parameter-name.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';
import { findBracketed, isJsonPart, listOf } from '../../parameters/parameter-source.rules';
import type { FileField, SentInput } from '../../parameters/sent';
import { readUtf8 } from '../../../kernel/encoding';

/**
 * Makes what settles a form, in place, by the parameters of the endpoint: of a repeated field that feeds no list the first value stays, a
 * list that came item by item gets its name, and where no file is wanted, a part of JSON becomes the text in it. Done before anybody looks at the form, so that steps find in `body` what
 * the handler gets. 400 `invalid_body` for such a part that is not UTF-8.
 */
export function compileForm(
  parameters: readonly EndpointParameter[],
): (form: Pick<SentInput, 'fields' | 'files'>) => void {
  const fed = parameters
    .filter(({ in: place, type }) => place === 'body' && type !== 'file')
    .flatMap((parameter) =>
      acceptedNames(parameter, parameters).map((name) => ({ name, isList: parameter.type === 'array' })),
    );
  const lists = new Set(fed.filter(({ isList }) => isList).map(({ name }) => name));
  return ({ fields, files }) => {
    if (lists.size > 0) nameLists(fields, lists);
    for (const { name, isList } of fed) {
      const parts = files.get(name);
      // Beside a field of that name a part is one too many, which the check of the parameters tells.
      if (parts !== undefined && !Object.hasOwn(fields, name) && parts.every(isJsonPart)) {
        const texts = parts.map((part) => textOf(name, part));
        fields[name] = texts.length === 1 ? texts[0] : texts;
        files.delete(name);
      }
      const value = fields[name];
      if (!isList && Array.isArray(value)) fields[name] = value[0] as unknown;
    }
  };
}

/** Not where the list is there under its plain name, too: the check of the parameters tells if both are not the same. */
function nameLists(fields: Record<string, unknown>, lists: ReadonlySet<string>): void {
  const found = findBracketed(Object.keys(fields), lists, (key) => [fields[key]].flat());
  for (const [name, entries] of found.lists) {
    if (Object.hasOwn(fields, name)) continue;
    fields[name] = listOf(entries).value;
    for (const { key } of entries) delete fields[key];
  }
}

function textOf(name: string, { bytes }: FileField): string {
  const text = readUtf8(bytes);
  if (text === null) throw new ApiError('invalid_body', `The field ${quoted(name)} is not UTF-8.`);
  return text;
}
