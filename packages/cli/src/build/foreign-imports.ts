import { isProvided } from '../../../../src/core/code/imports.rules.ts';

/** The name that an import, an export from, or a call of `import` or `require` has. May also match in texts and comments. */
const SPECIFIER = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** Returns whether a source may import what the runtime does not provide: then it is bundled. */
export function importsForeign(source: string): boolean {
  return Array.from(source.matchAll(SPECIFIER)).some(([, , specifier]) => !isProvided(specifier!));
}
