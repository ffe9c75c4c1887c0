import { ApiError, quoted } from '../../../kernel/errors';
import { acceptedNames } from '../../parameters/parameter-name.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';
import { findBracketed, isJsonPart, listOf } from '../../parameters/parameter-source.rules';
import type { FileField, SentInput } from '../../parameters/sent';
import { readUtf8 } from '../../../kernel/encoding';

/**
 * Normalizes a form in place by the parameters of the endpoint: a repeated field that feeds no list keeps its first value, a list that came
 * item by item gets its name, and where no file is expected, a JSON part becomes its text. Runs before anything reads the form, so that
 * steps find in `body` what the handler gets. Throws 400 `invalid_body` for such a part that is not UTF-8.
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
      // With a field of the same name the part is a duplicate, which the check of the parameters reports.
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

/** Not where the list also came under its plain name: the check of the parameters reports a difference. */
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
