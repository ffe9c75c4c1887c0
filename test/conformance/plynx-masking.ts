/**
 * Support for replaying PLynx's recorded calls: what differs between any two servers (ids, dates, tokens, folders, hosts) is masked
 * before comparing, and ids that the recorded server made are replaced by those of the server under test before asking.
 */

/** One recorded call; `resp` for JSON answers, `resp_text` for others. */
export interface RecordedCall {
  case: string;
  method: string;
  path: string;
  auth: string;
  req: unknown;
  params?: Record<string, string>;
  status: number;
  resp?: unknown;
  resp_text?: string;
}

/** The calls of a recording with one JSON object per line. */
export const readRecording = (lines: string): RecordedCall[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedCall);

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
// Ids that the recording client chose itself begin with 5d0000 and stay: they must come back as they were sent.
const MADE_ID = '\\b(?!5d0000)[0-9a-f]{24}\\b';

const MASKS: [RegExp, string][] = [
  [/\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?\b/g, '<date>'],
  [/\b[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, '<token>'],
  [new RegExp(`(<tmp>|/tmp(?:/\\w+)*?)/${UUID}`, 'g'), '<tmp>/<uuid>'],
  [new RegExp(UUID, 'g'), '<uuid>'],
  [new RegExp(MADE_ID, 'g'), '<oid>'],
  [/\bdemo-[A-Z0-9]{6}\b/g, '<demo>'],
  [/https?:\/\/[\w.-]+(:\d+)?(?=\/graphs\/)/g, '<host>'],
];

/** The value with everything masked that no two servers share, at any depth. */
export function mask(value: unknown): unknown {
  if (typeof value === 'string') return MASKS.reduce((text, [form, name]) => text.replace(form, name), value);
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'resources_dict' ? '<resources_dict>' : mask(item)]),
  );
}

/** How two values differ, one line per place: `$.graph.nodes[2].x: expected 142, got 140`. Empty when they are equal. */
export function differences(expected: unknown, actual: unknown, path = '$'): string[] {
  if (Object.is(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const lengths =
      expected.length === actual.length ? [] : [`${path}: expected ${expected.length} items, got ${actual.length}`];
    const shared = expected.slice(0, actual.length);
    return [...lengths, ...shared.flatMap((item, at) => differences(item, actual[at], `${path}[${at}]`))];
  }
  if (isRecord(expected) && isRecord(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(own(expected, key), own(actual, key), `${path}.${key}`));
  }
  return [`${path}: expected ${shown(expected)}, got ${shown(actual)}`];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (record: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;
const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** Learns which id of this server stands for which recorded one, and puts it into the calls that follow. */
export function createReplay() {
  const known = new Map<string, string>();
  const ids = new RegExp(`${UUID}|${MADE_ID}`, 'g');

  return {
    /** Takes the ids at equal places of a recorded answer and of this server's as the same thing. */
    learn: function learn(recorded: unknown, actual: unknown): void {
      if (typeof recorded === 'string' && typeof actual === 'string') {
        const [theirs, ours] = [recorded.match(ids) ?? [], actual.match(ids) ?? []];
        // The first meeting counts: a later list may hold other things at the same place.
        if (theirs.length === ours.length) theirs.forEach((id, at) => known.has(id) || known.set(id, ours[at]!));
      } else if (Array.isArray(recorded) && Array.isArray(actual)) {
        if (recorded.length === actual.length) recorded.forEach((item, at) => learn(item, actual[at]));
      } else if (isRecord(recorded) && isRecord(actual)) {
        for (const key of Object.keys(recorded)) learn(recorded[key], own(actual, key));
      }
    },
    /** The value with every learned id replaced, at any depth. */
    translate: <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(ids, (id) => known.get(id) ?? id)) as T,
  };
}
