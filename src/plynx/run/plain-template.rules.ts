import { pythonRepr } from '../document/python.rules';
import type { Template } from './script.rules';

/** Contents of `{{ … }}`: a parameter or a path by its name, one item of a list, or a list joined with a text. */
const STRING = String.raw`'([^'"\\\n]*)'|"([^'"\\\n]*)"`;
const PLACE = new RegExp(
  String.raw`(?<!\{)\{\{\s*(input|output|param|log)(?:\.([A-Za-z_]\w*)|\[(?:${STRING})\])(?:\[(\d{1,9})\]|\s*\|\s*join\((?:${STRING})\))?\s*\}\}`,
  'g',
);
/** Attributes of a Python dict: after a dot they win over a name in it. */
const DICT_METHOD = /^(__.*|clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values)$/;

/**
 * Renders a template that only inserts parameters and paths, exactly as jinja2 does; returns undefined for every other one. Most scripts
 * are like this, and they save CPython, which jinja2 needs: half a second and an isolate.
 */
export function plainText({ source, context }: Template): string | undefined {
  if (source.includes('{%') || source.includes('{#')) return undefined;
  // jinja2 ends lines with \n, and removes one from the end of a template.
  const lines = source.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '');
  let isPlain = true;
  let rest = '';
  let at = 0;
  const text = lines.replaceAll(PLACE, (place: string, ...groups: unknown[]) => {
    const [root, name, single, double, index, joinSingle, joinDouble, offset] = groups as (string | undefined)[];
    rest += lines.slice(at, Number(offset));
    at = Number(offset) + place.length;
    const key = name ?? single ?? double ?? '';
    const names = context[root!];
    const found = names && Object.hasOwn(names, key) && !(name && DICT_METHOD.test(name)) ? names[key] : undefined;
    const shown = printed(index, joinSingle ?? joinDouble, found);
    if (shown === undefined) isPlain = false;
    return shown ?? '';
  });
  return isPlain && !(rest + lines.slice(at)).includes('{{') ? text : undefined;
}

function printed(index: string | undefined, separator: string | undefined, found: unknown): string | undefined {
  if (index !== undefined) return Array.isArray(found) ? shownAs(found[Number(index)], false) : undefined;
  if (separator === undefined) return shownAs(found, true);
  const items = Array.isArray(found) ? found.map((item) => shownAs(item, false)) : [undefined];
  return items.includes(undefined) ? undefined : items.join(separator);
}

// Python prints some numbers differently: those go to jinja2.
function shownAs(value: unknown, orList: boolean): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return pythonRepr(value);
  const isList = orList && Array.isArray(value) && value.every((item) => shownAs(item, false) !== undefined);
  return isList ? pythonRepr(value) : undefined;
}
