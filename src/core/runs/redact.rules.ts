import { credentialRanges } from './credential-ranges.rules';
import { mask, REDACTED, type Range } from './mask.rules';
import { namedRanges } from './named-ranges.rules';
import { NO_SECRETS, type SecretForms } from './secret-forms.rules';
import { secretRanges, type TextCut } from './secret-ranges.rules';
import { isSensitiveName } from './sensitive-name.rules';
import { isSuspect } from './suspect.rules';

/*
 * Redaction of run records, before they leave the isolate: listed secrets in their usual forms, sensitive parameters, and values whose
 * name or form is that of a credential.
 */

/** Values to redact in the record of one call, besides those redacted in all: names of sensitive parameters, and secrets. */
export interface Hidden {
  names: ReadonlySet<string>;
  secrets: SecretForms;
}
export const NOTHING_HIDDEN: Hidden = { names: new Set(), secrets: NO_SECRETS };

/** Returns true when a cheap test shows that nothing in a text has to be redacted. */
const isHarmless = (text: string, { names, secrets }: Hidden): boolean =>
  names.size === 0 && secrets.exact.length === 0 && !isSuspect(text);

/** `pins[]` and `pins[0]` of forms are `pins`. */
export const isHiddenName = (name: string, { names }: Hidden): boolean => {
  const bracket = names.size === 0 ? -1 : name.indexOf('[');
  return names.has(bracket === -1 ? name : name.slice(0, bracket)) || isSensitiveName(name);
};

/** The end of a text that was cut inside an isolate; workflows add its length. */
const CUT_END = /…(?: \(\d+ characters\))?$/;
/** Replaces the middle of a long traceback. */
const GAP = '\n    …\n';

/** Returns where a text was cut: at its end when `isCut`, and where a `…` marks it. */
function cutsOf(text: string, isCut: boolean): TextCut[] {
  const cuts: TextCut[] = isCut ? [{ at: text.length, side: 'after' }] : [];
  if (!text.includes('…')) return cuts;
  const end = CUT_END.exec(text);
  if (end !== null) cuts.push({ at: end.index, side: 'after' });
  if (text.startsWith('…')) cuts.push({ at: 1, side: 'before' });
  const gap = text.lastIndexOf(GAP);
  if (gap !== -1) cuts.push({ at: gap, side: 'after' }, { at: gap + GAP.length, side: 'before' });
  return cuts;
}

/** Redacts credentials in a text. `isCut`: more text followed, so the end may be the beginning of a credential. */
export function redactText(text: string, hidden: Hidden, isCut = false): string {
  return isHarmless(text, hidden) ? text : mask(text, rangesOf(text, hidden, isCut));
}

function rangesOf(text: string, hidden: Hidden, isCut: boolean): Range[] {
  const cuts = cutsOf(text, isCut);
  const ranges = secretRanges(text, hidden.secrets, cuts);
  if (hidden.names.size === 0 && !isSuspect(text)) return ranges;
  return [
    ...ranges,
    ...credentialRanges(
      text,
      cuts.flatMap(({ at, side }) => (side === 'after' ? at : [])),
    ),
    ...namedRanges(text, (name) => isHiddenName(name, hidden)),
  ];
}

/** Characters left for the copy of a value. `isCut` when the value did not fit. */
export interface Room {
  left: number;
  isCut: boolean;
}

/** Copies a JSON-like value with credentials redacted at any depth, as far as there is room. */
export function redactValue(
  value: unknown,
  hidden: Hidden,
  room: Room = { left: Infinity, isCut: false },
  depth = 0,
): unknown {
  if (typeof value === 'string') return redactLeaf(value, hidden, room);
  if (typeof value === 'number') return redactNumber(value, hidden);
  if (typeof value !== 'object' || value === null) return value;
  // In a value from JSON, only an integer beyond the precision of a number has a toJSON.
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactNumber(value, hidden);
  if (depth > 64) return REDACTED;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (let i = 0; i < value.length && hasRoom(room); i++) {
      const item: unknown = value[i];
      items.push(isHiddenPair(item, hidden) ? [item[0], REDACTED] : redactValue(item, hidden, room, depth + 1));
    }
    return items;
  }
  const copy = Object.create(null) as Record<string, unknown>;
  const entries = Object.entries(value);
  for (const [name, item] of entries) {
    if (!hasRoom(room)) break;
    room.left -= name.length;
    const isHidden = isHiddenName(name, hidden) || (VALUE.test(name) && isLabeled(entries, hidden));
    copy[redactText(name, hidden)] = isHidden ? REDACTED : redactValue(item, hidden, room, depth + 1);
  }
  return copy;
}

const VALUE = /^value$/i;
const LABEL = /^(?:name|key|field|header)$/i;

/** Returns true for the members of `{"name": "token", "value": …}`. */
const isLabeled = (entries: [string, unknown][], hidden: Hidden): boolean =>
  entries.some(([name, label]) => LABEL.test(name) && isHiddenLabel(label, hidden));

/** Returns true for an item such as `["token", …]` of a list of pairs. */
const isHiddenPair = (item: unknown, hidden: Hidden): item is [string, unknown] =>
  Array.isArray(item) && item.length === 2 && isHiddenLabel(item[0], hidden);

/** Returns whether a text names a hidden value. Tests `isSuspect` first, since `isSensitiveName` caches each name. */
const isHiddenLabel = (label: unknown, hidden: Hidden): boolean =>
  typeof label === 'string' &&
  label.length <= 64 &&
  (hidden.names.has(label) || (isSuspect(label) && isSensitiveName(label)));

/** Uses up the room of a comma. */
function hasRoom(room: Room): boolean {
  room.isCut ||= room.left <= 0;
  room.left -= 1;
  return !room.isCut;
}

function redactLeaf(text: string, hidden: Hidden, room: Room): string {
  const isCut = text.length > room.left;
  room.isCut ||= isCut;
  const kept = redactText(isCut ? text.slice(0, Math.max(0, room.left)) : text, hidden, isCut);
  room.left -= kept.length;
  return kept;
}

function redactNumber(value: number | object, hidden: Hidden): unknown {
  if (hidden.secrets.exact.length === 0) return value;
  const text = String(value);
  return redactText(text, hidden) === text ? value : REDACTED;
}

/** Redacts credentials in a query or urlencoded form; the rest stays as sent. */
export function redactQuery(query: string, hidden: Hidden, isCut = false): string {
  if (isHarmless(query, hidden)) return query;
  const ranges = secretRanges(query, hidden.secrets, cutsOf(query, isCut));
  let start = 0;
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = [...new URLSearchParams(pair)][0] ?? [];
    const end = start + pair.length;
    const sign = pair.indexOf('=');
    if (looksSecret(name)) ranges.push({ start, end });
    else if (sign !== -1 && (isHiddenName(name, hidden) || looksSecret(value)))
      ranges.push({ start: start + sign + 1, end });
    start = end + 1;
  }
  return mask(query, ranges);
}

/** Redacts segments in the path of a call: those that look like credentials, and those whose index is in `segments`. */
export function redactPath(path: string, segments: ReadonlySet<number>, hidden: Hidden): string {
  if (segments.size === 0 && isHarmless(path, hidden)) return path;
  const ranges = secretRanges(path, hidden.secrets, []);
  let start = 0;
  for (const [index, segment] of path.split('/').entries()) {
    const end = start + segment.length;
    if (segments.has(index) || looksSecret(decode(segment))) ranges.push({ start, end });
    start = end + 1;
  }
  return mask(path, ranges);
}

const looksSecret = (text: string): boolean => redactText(text, NOTHING_HIDDEN) !== text;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Redacts secrets in a text that the platform has lower-cased, such as the name of a header or a host. */
export function redactLowerCase(text: string, { secrets }: Hidden): string {
  if (secrets.exact.length === 0) return text;
  const lower: SecretForms = { exact: secrets.lower, loose: secrets.lower, lower: [] };
  const cuts = cutsOf(text, false);
  return mask(text, [...secretRanges(text, secrets, cuts), ...secretRanges(text, lower, cuts)]);
}
