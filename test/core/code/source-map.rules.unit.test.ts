import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { findPlaces, mapPlaces, parseSourceMap } from '../../../src/core/code/source-map.rules';

const FILES: Record<string, string> = {
  'index.ts': `import { tax } from './tax';\n\nexport default function quote({ net }: { net: number }) {\n  return net + tax(net);\n}\n`,
  './tax': `/** Tax. */\nexport const tax = (net: number): number => {\n  if (net < 0) throw new RangeError('negative');\n  return net / 5;\n};\n`,
};

const { outputFiles } = await build({
  entryPoints: ['index.ts'],
  bundle: true,
  format: 'esm',
  sourcemap: 'external',
  outdir: '/',
  write: false,
  plugins: [
    {
      name: 'memory',
      setup: (setup) => {
        setup.onResolve({ filter: /./ }, ({ path }) => ({ path, namespace: 'memory' }));
        setup.onLoad({ filter: /./, namespace: 'memory' }, ({ path }) => ({ contents: FILES[path]!, loader: 'ts' }));
      },
    },
  ],
});
const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))!.text;
const code = text('.js').split('\n');
const map = parseSourceMap(text('.map'))!;

/** The place of a text in the built code, as a stack has it. */
function placeIn(wanted: string): { line: number; column: number } {
  const line = code.findIndex((each) => each.includes(wanted));
  return { line: line + 1, column: code[line]!.indexOf(wanted) + 1 };
}

describe('findPlaces', () => {
  test('does not compare each place with each segment of its line', () => {
    let reads = 0;
    const wanted = Array.from({ length: 300 }, (_, i) => ({
      line: 1,
      get column() {
        reads++;
        return ((i * 7) % 300) * 10 + 1;
      },
    }));
    const found = findPlaces({ sources: ['a'], mappings: `AAAA${',CAAC'.repeat(2999)}` }, wanted);
    expect(found.map((place) => place?.column)).toEqual(wanted.map(({ column }) => column));
    expect(reads).toBeLessThan(3000 + 300 * 30);
  });

  test('finds the file, line and column of places in a bundle, in any order', () => {
    expect(findPlaces(map, [placeIn('return net + tax'), placeIn('new RangeError'), placeIn('net / 5')])).toEqual([
      { file: 'memory:index.ts', line: 4, column: 3 },
      { file: 'memory:./tax', line: 3, column: 22 },
      { file: 'memory:./tax', line: 4, column: 10 },
    ]);
  });

  test('finds nothing in lines that no file has, or beyond the end', () => {
    expect(findPlaces(map, [placeIn('export {'), { line: 9999, column: 1 }])).toEqual([null, null]);
  });

  test('decodes numbers of several digits and negative ones', () => {
    // Column 16, line 500; the next segment goes 499 lines back.
    const far = { sources: ['a'], mappings: 'gBAofA,CAnfA' };
    expect(
      findPlaces(
        far,
        [17, 18].map((column) => ({ line: 1, column })),
      ),
    ).toEqual([
      { file: 'a', line: 501, column: 1 },
      { file: 'a', line: 2, column: 1 },
    ]);
  });
});

test('mapPlaces names files in stacks, and keeps places that the map does not have', () => {
  const { line, column } = placeIn('new RangeError');
  const stack = `RangeError: negative\n    at tax (handler.js:${line}:${column})\n    at handler.js:99:1\n    at xhandler.js:1:1`;
  expect(mapPlaces([stack, 'no place'], map)).toEqual([
    'RangeError: negative\n    at tax (memory:./tax:3:22)\n    at handler.js:99:1\n    at xhandler.js:1:1',
    'no place',
  ]);
});

test('mapPlaces maps 1,000 places, to names of up to 500 characters', () => {
  const places = mapPlaces(
    Array.from({ length: 1001 }, () => 'handler.js:1:1'),
    { sources: ['a'], mappings: 'AAAA' },
  );
  expect(places).toEqual([...Array.from({ length: 1000 }, () => 'a:1:1'), 'handler.js:1:1']);
  const named = (length: number) =>
    mapPlaces(['handler.js:1:1'], { sources: ['n'.repeat(length)], mappings: 'AAAA' })[0]!.length;
  expect([named(500), named(501)]).toEqual([504, 14]);
});

test.each(['', '{', '[]', '{"version":2,"sources":[],"mappings":""}', '{"version":3,"sources":[1],"mappings":""}'])(
  'parseSourceMap returns null for %j',
  (wrong) => expect(parseSourceMap(wrong)).toBeNull(),
);
