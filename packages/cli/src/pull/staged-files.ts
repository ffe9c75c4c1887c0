import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { JSONPath } from 'jsonc-parser';
import { Failure } from '../failure.ts';
import { pathRefusal } from './path-refusal.ts';
import { setAt } from './take-changes.ts';

type Document = Record<string, unknown>;

/** Changes of the files of a project, made all together or not at all. Reads see the changes so far. */
export class StagedFiles {
  readonly #folder: string;
  /** Texts by paths; null for a file to remove. */
  readonly #texts = new Map<string, string | null>();
  /** Values to take out of files: last of all, so that the positions in lists stay those of the files. */
  readonly #removals: { file: string; base: JSONPath }[] = [];
  /** Sides of the service by the files that they are written beside, and by labels. */
  readonly #beside = new Map<string, Document>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the text of a file; undefined when there is none. */
  readIfAny(path: string): string | undefined {
    const staged = this.#texts.get(path);
    if (staged !== undefined) return staged ?? undefined;
    const file = join(this.#folder, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text);
  }

  remove(path: string): void {
    this.#texts.set(path, null);
  }

  removeIfAny(path: string): void {
    if (this.readIfAny(path) !== undefined) this.remove(path);
  }

  /** Takes a value out of a JSONC file. */
  removeValue(file: string, base: JSONPath): void {
    this.#removals.push({ file, base });
  }

  /** Writes the side of the service of an object beside its file, with those of the other objects in that file. Returns the path. */
  writeBeside(file: string, label: string, side: unknown): string {
    const path = `${file}.theirs`;
    const sides = { ...this.#beside.get(path), [label]: side };
    this.#beside.set(path, sides);
    this.write(path, `${JSON.stringify(sides, null, 2)}\n`);
    return path;
  }

  /** Makes the changes. Throws a Failure with every path that a pull does not write, and then changes nothing. */
  commit(): void {
    for (const { file, base } of this.#removals.toSorted((a, b) => indexOf(b) - indexOf(a)))
      this.write(file, setAt(this.readIfAny(file) ?? '', base, undefined));
    const refusals = [...this.#texts].flatMap(([path, text]) =>
      text === null ? [] : (pathRefusal(path) ?? this.#linkRefusal(path) ?? []),
    );
    if (refusals.length > 0) throw new Failure(`Nothing was changed.\n${refusals.join('\n')}`);
    for (const [path, text] of this.#texts) {
      if (text === null) rmSync(join(this.#folder, path));
      else this.#writeWhole(join(this.#folder, path), text);
    }
  }

  /** Returns why a path is not written: a folder that is a symbolic link may lead out of the project. */
  #linkRefusal(path: string): string | null {
    for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at))
      if (lstatSync(join(this.#folder, at), { throwIfNoEntry: false })?.isSymbolicLink())
        return `${path} is below ${at}, which is a symbolic link: portico does not follow it`;
    return null;
  }

  #writeWhole(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, text);
    renameSync(draft, file);
  }
}

/** Position in the list that a file is; -1 in a file of entries with names. */
const indexOf = ({ base: [first] }: { base: JSONPath }): number => (typeof first === 'number' ? first : -1);
