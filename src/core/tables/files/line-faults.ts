import { MAX_OFFENCES, type Offence } from '../../../kernel/errors';

/**
 * What is wrong with the lines of a file: how many lines are bad, and the first faults by line. A file is gone through more than once,
 * each time from its first line, so the first faults of every pass are enough to keep.
 */
export class LineFaults {
  readonly #lines = new Set<number>();
  readonly #kept: Offence[] = [];
  #count = 0;
  #room = MAX_OFFENCES;

  /** Begins another pass over the lines. */
  nextPass(): void {
    this.#room = MAX_OFFENCES;
  }

  add(line: number, code: string, message: string, pointer: string = '#'): void {
    this.#count++;
    this.#lines.add(line);
    if (this.#room-- > 0) this.#kept.push({ pointer, code, message, line });
  }

  get count(): number {
    return this.#count;
  }

  get badLines(): number {
    return this.#lines.size;
  }

  /** The first faults, by line. */
  first(): Offence[] {
    return this.#kept.toSorted((a, b) => a.line! - b.line!).slice(0, MAX_OFFENCES);
  }
}
