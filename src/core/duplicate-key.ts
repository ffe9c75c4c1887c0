import { visit } from 'jsonc-parser';

/** A key that an object of this JSON has twice, or null. `JSON.parse` keeps the later one without a word. */
export function findDuplicateKey(text: string): string | null {
  const open: Set<string>[] = [];
  let duplicate: string | null = null;
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key) => {
      const keys = open.at(-1)!;
      if (keys.has(key)) duplicate ??= key;
      keys.add(key);
    },
  });
  return duplicate;
}
