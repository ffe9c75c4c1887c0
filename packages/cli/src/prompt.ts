import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { EXIT, Failure } from './failure.ts';

/** Asks for a line in the terminal. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

/** Asks for a value without showing what is typed. */
export async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** Reads a value from standard input, without the line feed at its end. Throws a Failure for none. */
export async function readValue(): Promise<string> {
  const value = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (value === '') throw new Failure('standard input is empty', EXIT.usage);
  return value;
}
