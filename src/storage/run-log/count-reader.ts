import type { Histogram } from '../../kernel/histogram.rules';
import type { OutcomeCount } from './tallies';

const [QUOTE, COMMA, OPEN, ZERO, NINE] = [0x22, 0x2c, 0x5b, 0x30, 0x39];
const TEXT = /"(?:[^"\\]|\\.)*"/y;

/**
 * Reads counts one by one from the JSON in which batches (CallCounts) and hours (HourCount, MinuteCount) have them. A day has hundreds of
 * thousands, which as lists are 50 MB of garbage; `next` fills in the same fields again.
 */
export class CountReader implements OutcomeCount {
  /** 0 where the counts have none. */
  minute = 0;
  calls = 0;
  /** Only its first `length` numbers are of this count. */
  readonly histogram: Histogram = [];
  length = 0;
  /** Endpoint and key, which counts of hours do not have; kind; code of the outcome. */
  readonly #texts: string[];
  readonly #json: string;
  readonly #hasEscapes: boolean;
  #at = 1;

  /** `json` is what JSON.stringify has written. `texts`: 4 for counts of a batch, 2 for those of an hour. */
  constructor(json: string, texts: 2 | 4) {
    this.#json = json;
    this.#texts = Array<string>(texts).fill('');
    this.#hasEscapes = json.includes('\\');
  }

  get endpointId(): string {
    return this.#texts[0]!;
  }
  get keyId(): string {
    return this.#texts[1]!;
  }
  get kind(): string {
    return this.#texts[this.#texts.length - 2]!;
  }
  get code(): string {
    return this.#texts[this.#texts.length - 1]!;
  }

  /** Reads the next count; false after the last one. */
  next(): boolean {
    if (!this.#passes(OPEN)) return false;
    this.minute = this.#json.charCodeAt(this.#at) === QUOTE ? 0 : this.#number();
    for (let place = 0; place < this.#texts.length; place++) this.#readText(place);
    this.calls = this.#number();
    this.#readHistogram();
    // The bracket that closes the count, and the comma before the next one.
    this.#at += 1;
    this.#passes(COMMA);
    return true;
  }

  #passes(code: number): boolean {
    const isThere = this.#json.charCodeAt(this.#at) === code;
    if (isThere) this.#at += 1;
    return isThere;
  }

  /** Reads a whole number and the comma after it, if there is one. */
  #number(): number {
    let value = 0;
    for (;;) {
      const code = this.#json.charCodeAt(this.#at);
      if (code < ZERO || code > NINE) break;
      value = value * 10 + code - ZERO;
      this.#at += 1;
    }
    this.#passes(COMMA);
    return value;
  }

  /** Reads a text and the comma after it. Most often it is that of the count before, which needs no copy. */
  #readText(place: number): void {
    const from = this.#at + 1;
    const known = this.#texts[place]!;
    let end = from + known.length;
    if (this.#hasEscapes) {
      TEXT.lastIndex = this.#at;
      const [text] = TEXT.exec(this.#json)!;
      this.#texts[place] = JSON.parse(text) as string;
      end = this.#at + text.length - 1;
    } else if (this.#json.charCodeAt(end) !== QUOTE || !this.#json.startsWith(known, from)) {
      end = this.#json.indexOf('"', from);
      this.#texts[place] = this.#json.slice(from, end);
    }
    this.#at = end + 2;
  }

  #readHistogram(): void {
    this.#at += 1;
    for (this.length = 0; this.#json.charCodeAt(this.#at) <= NINE; this.length += 1)
      this.histogram[this.length] = this.#number();
    this.#at += 1;
  }
}
