import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Returns the layers in the order of their first mention, which is the one that a browser keeps. */
const layersOf = (css: string): string[] => [
  ...new Set(
    [...css.matchAll(/@layer ([\w, ]+)/g)].flatMap(([, names]) => names!.split(',').map((name) => name.trim())),
  ),
];

it.each(globSync('dist/assets/console/assets/*.css'))(
  '%s declares the layers base, kit and screen in this order',
  (file) => {
    expect(layersOf(readFileSync(file, 'utf8'))).toEqual(['base', 'kit', 'screen']);
  },
);
