import { MAX_ISSUES, type Issue } from '../../../kernel/errors';

/**
 * Issues of the lines of a file: the number of bad lines, and the first issues by line. A file is checked in several passes, each from its
 * first line, so only the first issues of every pass are kept.
 */
export class LineIssues {
  readonly #lines = new Set<number>();
  readonly #kept: Issue[] = [];
  #count = 0;
  #room = MAX_ISSUES;

  /** Begins another pass over the lines. */
  nextPass(): void {
    this.#room = MAX_ISSUES;
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

  /** Returns the first issues, by line. */
  first(): Issue[] {
    return this.#kept.toSorted((a, b) => a.line! - b.line!).slice(0, MAX_ISSUES);
  }
}
