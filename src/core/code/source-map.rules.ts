import { isObject } from '../../kernel/json.rules';

/** The part of a source map (version 3) by which places in a bundle become places in files. */
export interface SourceMap {
  sources: string[];
  /** Base64 VLQ: lines end with `;`, segments with `,`. */
  mappings: string;
}

/** A place in a file; line and column count from 1. */
export interface FilePlace {
  file: string;
  line: number;
  column: number;
}

/** Name of the user's module in an isolate, as stacks have it. */
const PLACE = /\bhandler\.js:(\d{1,7}):(\d{1,7})/g;

/** Places that one call maps, and characters of the name of a file: the text of a run must not grow without bound. */
const MAX_PLACES = 1000;
const MAX_NAME_CHARS = 500;

/** Parses a source map. Returns null for any other text. */
export function parseSourceMap(text: string): SourceMap | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value.version !== 3) return null;
  const { sources, mappings } = value;
  const areNames = Array.isArray(sources) && sources.every((source) => typeof source === 'string');
  if (!areNames || typeof mappings !== 'string' || !/^[\w+/,;]*$/.test(mappings)) return null;
  return { sources, mappings };
}

/** Returns whether a text names a place in the user's module. */
export const namesPlace = (text: string): boolean => text.includes('handler.js:');

/**
 * Returns texts such as stacks with the places of the files instead of those of the bundle, the first 1,000 of them. One that the map does not
 * have stays.
 */
export function mapPlaces(texts: readonly string[], map: SourceMap): string[] {
  const wanted = texts
    .flatMap((text) =>
      Array.from(text.matchAll(PLACE), ([, line, column]) => ({ line: Number(line), column: Number(column) })),
    )
    .slice(0, MAX_PLACES);
  const found = findPlaces(map, wanted);
  let next = 0;
  return texts.map((text) =>
    text.replace(PLACE, (whole) => {
      const place = found[next++];
      return place ? `${place.file}:${place.line}:${place.column}` : whole;
    }),
  );
}

interface WantedPlace {
  line: number;
  column: number;
}

/** Finds the places of a bundle in its files; null where the map has none. Linear in the map, which is read once. */
export function findPlaces({ sources, mappings }: SourceMap, wanted: readonly WantedPlace[]): (FilePlace | null)[] {
  const found = Array.from<unknown, Segment | null>(wanted, () => null);
  const byLine = placesByLine(wanted);
  if (byLine.size > 0)
    readSegments(mappings, Math.max(...byLine.keys()), (line, segment) => {
      const places = byLine.get(line);
      if (places === undefined) return;
      // Segments of a line are in the order of their columns, as the places are: the last one before a place covers it.
      while (places.next < places.indexes.length && wanted[places.indexes[places.next]!]!.column <= segment.column)
        found[places.indexes[places.next++]!] = places.before;
      places.before = segment;
    });
  for (const { indexes, next, before } of byLine.values()) for (const i of indexes.slice(next)) found[i] = before;
  return found.map((segment) => {
    const file = segment === null ? undefined : sources[segment.source];
    return segment === null || file === undefined || file.length > MAX_NAME_CHARS
      ? null
      : { file, line: segment.fileLine + 1, column: segment.fileColumn + 1 };
  });
}

/** Indexes of the places of a line, by column. Those from `next` on are after `before`, the last segment that was read. */
interface LinePlaces {
  indexes: number[];
  next: number;
  before: Segment | null;
}

function placesByLine(wanted: readonly WantedPlace[]): Map<number, LinePlaces> {
  const byLine = new Map<number, LinePlaces>();
  for (const [i, { line }] of wanted.entries()) {
    const places = byLine.get(line);
    if (places) places.indexes.push(i);
    else byLine.set(line, { indexes: [i], next: 0, before: null });
  }
  for (const { indexes } of byLine.values()) indexes.sort((a, b) => wanted[a]!.column - wanted[b]!.column);
  return byLine;
}

/** A segment of a map. All count from 0. */
interface Segment {
  column: number;
  source: number;
  fileLine: number;
  fileColumn: number;
}

const DIGITS = new Map(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (digit, value) => [digit, value]),
);

/** Decodes the segments up to a line, which counts from 1. Numbers are differences to those of the segment before. */
function readSegments(mappings: string, lastLine: number, take: (line: number, segment: Segment) => void): void {
  const state = { column: 0, source: 0, fileLine: 0, fileColumn: 0 };
  let line = 1;
  let numbers: number[] = [];
  const endSegment = (): void => {
    const [column = 0, source = 0, fileLine = 0, fileColumn = 0] = numbers;
    state.column += column;
    state.source += source;
    state.fileLine += fileLine;
    state.fileColumn += fileColumn;
    if (numbers.length >= 4) take(line, { ...state });
    numbers = [];
  };
  let [value, shift] = [0, 1];
  for (const char of mappings) {
    if (char === ',' || char === ';') {
      endSegment();
      if (char === ',') continue;
      state.column = 0;
      if (++line > lastLine) return;
      continue;
    }
    const digit = DIGITS.get(char) ?? 0;
    value += (digit & 31) * shift;
    shift *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
    [value, shift] = [0, 1];
  }
  endSegment();
}
