/**
 * The rooms of src/ by floor, from the ground up. A file uses values and types of its own room and of rooms on lower floors; rooms on one
 * floor do not know each other. The longest name that fits a file is its room: `http/wire/` is below `http/`.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['kernel/', 'docs-page/'],
  ['core/code/'],
  ['runtime/', 'storage/'],
  ['core/access/'],
  [
    'core/audit/',
    'core/batch/',
    'core/uses/',
    'core/idempotency/',
    'core/egress/',
    'core/parameters/',
    'core/workflow/language/',
  ],
  ['core/change/'],
  ['core/workflow/actions/', 'core/runs/', 'core/identity/', 'plynx/document/'],
  ['core/workflow/document/', 'core/tables/catalogue/', 'plynx/session/'],
  ['core/workflow/check/', 'core/tables/rows/', 'plynx/files/'],
  ['core/workflow/compile/', 'core/workflow/rename/', 'core/tables/files/', 'plynx/run/'],
  ['plynx/validate/'],
  ['plynx/edit/'],
  ['plynx/authoring/'],
  ['plynx/publish/'],
  ['core/publishing/'],
  ['core/retention/', 'core/backup/', 'core/gateway/', 'core/search/', 'core/projects/'],
  ['platform/', 'settings.ts', 'http/wire/'],
  ['context.ts', 'http/reference/', 'http/dispatch/'],
  ['http/admin/', 'http/instabase/', 'http/mcp/', 'plynx/http/'],
  ['http/', 'entrypoints/'],
  ['worker.ts'],
];

/** Rooms that arrive in the context: everything but the composition root and its neighbors may use only their types. */
export const PORTS = ['runtime/', 'storage/', 'platform/'];

/** Types that may be used from below, by who uses them. */
export const UPWARD: readonly { from: string; to: string; why: string }[] = [
  { from: 'core/access/context.ts', to: 'core/', why: 'the context lists what rooms above put in it' },
  { from: 'core/access/context.ts', to: 'plynx/run/', why: 'the context lists what rooms above put in it' },
  {
    from: 'core/code/artifact.ts',
    to: 'core/workflow/document/',
    why: 'a middleware keeps its document to be compiled again',
  },
  { from: 'storage/', to: 'core/', why: 'schemas in core say what a stored document holds' },
  { from: 'storage/', to: 'plynx/', why: 'schemas in plynx say what a stored document holds' },
  { from: 'platform/', to: 'entrypoints/', why: 'a binding is typed by the class behind it' },
];

const floorOf = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
const byLength = [...floorOf.keys()].toSorted((a, b) => b.length - a.length);

/** The room of a file below src/; undefined for a file that has none. */
export const roomOf = (file: string): string | undefined =>
  byLength.find((room) => (room.endsWith('/') ? file.startsWith(room) : file === room));

export interface Arrow {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** Why an import from one file of src/ into another is not allowed, or null. */
export function issue({ from, to, typeOnly }: Arrow): string | null {
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room === undefined) return `${from} is in no room`;
  if (target === undefined) return `${to} is in no room`;
  if (room === target) return null;
  const text = `${from} imports ${typeOnly ? 'a type of ' : ''}${to}`;
  if (!typeOnly && PORTS.includes(target) && !usesPorts(from)) return text;
  if (floorOf.get(target)! < floorOf.get(room)!) return null;
  return typeOnly && UPWARD.some((one) => from.startsWith(one.from) && to.startsWith(one.to)) ? null : text;
}

const usesPorts = (file: string): boolean =>
  file === 'context.ts' || file === 'worker.ts' || ['entrypoints/', ...PORTS].some((room) => file.startsWith(room));

/** Files that import each other in a circle: one list for each circle, types included. */
export function circles(arrows: readonly Arrow[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(next.get(start) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(next.get(file) ?? []));
    }
    return seen;
  };
  const reached = new Map([...next.keys()].map((file) => [file, reach(file)]));
  const looped = [...reached].filter(([file, files]) => files.has(file)).map(([file]) => file);
  const groups = new Map(
    looped.map((file) => [
      looped.filter((other) => reached.get(file)!.has(other) && reached.get(other)!.has(file)).join(' '),
      true,
    ]),
  );
  return [...groups.keys()].map((group) => group.split(' '));
}
