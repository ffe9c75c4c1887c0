import { styleText } from 'node:util';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** The output of a command. With --json, standard output has one object and all text goes to standard error. */
export interface Io {
  readonly isTerminal: boolean;
  /** Prints a line of the result. */
  say: (text: string) => void;
  /** Prints a line about the progress. Silent with --quiet. */
  note: (text: string) => void;
  /** Prints the object of --json; nothing without it. */
  result: (value: object) => void;
  style: (style: Style, text: string) => string;
}

export function openIo(json: boolean, quiet: boolean): Io {
  const out = (text: string): void => void process.stdout.write(text);
  const err = (text: string): void => void process.stderr.write(text);
  const target = json ? process.stderr : process.stdout;
  return {
    isTerminal: process.stdin.isTTY && process.stdout.isTTY && !json,
    say: (text) => (json ? err : out)(`${text}\n`),
    note: (text) => quiet || err(`${text}\n`),
    result: (value) => json && out(`${JSON.stringify(value)}\n`),
    style: (style, text) => styleText(style, text, { stream: target }),
  };
}

/** Returns the text without control characters, which could rewrite a terminal: it comes from a service or a file. */
export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�');
