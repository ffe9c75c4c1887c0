import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far a restore into a service has come. */
interface Mark {
  origin: string;
  /** Of the restore, in the service. */
  id: string;
  pieces: number;
}

/** Keeps in the folder of a backup how far its restore has come, so that a later run goes on. */
export class RestoreMark {
  readonly #file: string;
  readonly #origin: string;

  constructor(folder: string, origin: string) {
    this.#file = join(folder, 'restore.json');
    this.#origin = origin;
  }

  /** Returns the mark of an unfinished restore into this service; null without one. */
  read(): Mark | null {
    if (!existsSync(this.#file)) return null;
    const mark = JSON.parse(readFileSync(this.#file, 'utf8')) as Mark;
    return mark.origin === this.#origin ? mark : null;
  }

  write(id: string, pieces: number): void {
    writeFileSync(this.#file, JSON.stringify({ origin: this.#origin, id, pieces } satisfies Mark), { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}
