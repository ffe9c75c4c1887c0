import { toTable } from './console-table';
import { format } from './format';
import { inspect, ownFrames } from './inspect';

/** Adds a line; `text` builds it, with about `room` characters at most. */
export type AddLine = (level: 'debug' | 'info' | 'warn' | 'error', text: (room: number) => string) => void;

/** Values of `console.count` and `console.time` by label, and the depth of groups. */
export interface Labels {
  counts: Map<string, number>;
  starts: Map<string, number>;
  depth: number;
}
export const newLabels = (): Labels => ({ counts: new Map(), starts: new Map(), depth: 0 });
const MAX_LABELS = 1000;
const MAX_DEPTH = 20;

const labelOf = (label: unknown): string => String(label).slice(0, 200);

/** Installs a console that writes lines. `current` returns the labels of the running call. */
export function captureConsole(addLine: AddLine, current: () => Labels): void {
  const writeText: AddLine = (level, text) => {
    const { depth } = current();
    if (depth === 0) return addLine(level, text);
    const indent = '  '.repeat(depth);
    addLine(level, (room) => indent + text(room).replaceAll('\n', `\n${indent}`));
  };
  const write =
    (level: Parameters<AddLine>[0]) =>
    (...values: unknown[]): void =>
      writeText(level, (room) => format(values, room));
  const nothing = (): void => undefined;
  const info = write('info');
  const warn = write('warn');
  const error = write('error');
  const captured = {
    log: info,
    info,
    debug: write('debug'),
    warn,
    error,
    trace: (...values: unknown[]): void => {
      const frames = ownFrames(new Error('').stack ?? '').replace(/^.*\n?/, '');
      writeText('debug', (room) => `Trace: ${format(values, room)}\n${frames}`.trimEnd());
    },
    dir: (value: unknown): void => writeText('info', (room) => inspect(value, room)),
    dirxml: info,
    table: (data: unknown, columns?: unknown): void => {
      const text = toTable(data, columns);
      if (text === null) info(data);
      else writeText('info', (room) => text.slice(0, room));
    },
    group: open,
    groupCollapsed: open,
    groupEnd: (): void => void (current().depth = Math.max(0, current().depth - 1)),
    count: (label: unknown = 'default'): void => {
      const { counts } = current();
      const name = labelOf(label);
      const times = (counts.get(name) ?? 0) + 1;
      if (counts.size < MAX_LABELS || times > 1) counts.set(name, times);
      writeText('info', () => `${name}: ${times}`);
    },
    countReset: (label: unknown = 'default'): void => void current().counts.delete(labelOf(label)),
    time: (label: unknown = 'default'): void => {
      const { starts } = current();
      if (starts.size < MAX_LABELS) starts.set(labelOf(label), Date.now());
    },
    timeLog: (label: unknown = 'default', ...values: unknown[]): void => elapsed(labelOf(label), values),
    timeEnd: (label: unknown = 'default'): void => {
      elapsed(labelOf(label), []);
      current().starts.delete(labelOf(label));
    },
    timeStamp: nothing,
    clear: nothing,
    assert: (isTrue: unknown, ...values: unknown[]): void => {
      if (isTrue) return;
      const [first, ...rest] = values;
      if (typeof first === 'string') error(`Assertion failed: ${first}`, ...rest);
      else error('Assertion failed', ...values);
    },
  };
  function open(...values: unknown[]): void {
    if (values.length > 0) info(...values);
    current().depth = Math.min(MAX_DEPTH, current().depth + 1);
  }
  function elapsed(name: string, values: unknown[]): void {
    const start = current().starts.get(name);
    if (start === undefined) return warn(`Timer ${name} does not exist`);
    writeText('info', (room) => [`${name}: ${Date.now() - start}ms`, format(values, room)].join(' ').trimEnd());
  }
  Object.assign(globalThis, { console: { ...console, ...captured } });
}
