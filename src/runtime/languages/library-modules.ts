import librariesText from '../../../dist/harness/libraries.txt';

interface Libraries {
  modules: Record<string, string>;
  needs: Record<string, string[]>;
}
let libraries: Libraries | undefined;

/** Returns the modules of these libraries by name. Parsed on first use: most code imports none. */
export function libraryModules(specifiers: readonly string[]): Record<string, { js: string }> {
  if (specifiers.length === 0) return {};
  libraries ??= JSON.parse(librariesText) as Libraries;
  const { modules, needs } = libraries;
  const names = specifiers.flatMap((specifier) => needs[specifier] ?? []);
  return Object.fromEntries(names.map((name) => [name, { js: modules[name]! }]));
}
