import { execFile, spawn, type ExecFileOptions } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

const BIN = join(import.meta.dirname, '../../../packages/cli/bin/portico.js');

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs a program to its end, without a terminal. `input` is its standard input. The event loop goes on: a test that is blocked does not
 * see that the service has closed an idle connection, and sends its next request into it.
 */
export function runProgram(program: string, args: string[], options: ExecFileOptions, input?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, maxBuffer: 64 * 1_048_576 }, (error, out, err) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), out: String(out), err: String(err) });
    });
    // A program that reads nothing may have ended by now: without input, nothing is written to it.
    child.stdin!.end(input);
  });
}

export const runNode = (args: string[], options: ExecFileOptions, input?: string): Promise<Ran> =>
  runProgram(process.execPath, args, options, input);

/** Runs the command as a user types it, in a folder. */
export const portico = (folder: string, args: string[], env: NodeJS.ProcessEnv, input?: string): Promise<Ran> =>
  runNode([BIN, ...args], { cwd: folder, env: { PATH: process.env.PATH, NO_COLOR: '1', ...env } }, input);

/** Starts a command that goes on until it is stopped. */
export function startPortico(folder: string, args: string[], env: NodeJS.ProcessEnv) {
  const options = { cwd: folder, env: { PATH: process.env.PATH, NO_COLOR: '1', ...env } };
  const child = spawn(process.execPath, [BIN, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    /** Resolves when the output since the last call has a text. */
    shows: async (text: string): Promise<void> => {
      await expect.poll(() => output).toContain(text);
      output = output.slice(output.indexOf(text) + text.length);
    },
    /** Resolves with the first part of that output that matches. */
    shown: async (pattern: RegExp): Promise<string> => {
      await expect.poll(() => output, { timeout: 60_000 }).toMatch(pattern);
      return pattern.exec(output)![0];
    },
    ended,
    /** Ends it at once, in the middle of what it does. */
    kill: (): Promise<number | null> => {
      child.kill('SIGKILL');
      return ended;
    },
    /** Ends it as Ctrl-C does. Resolves with its exit code. */
    stop: (): Promise<number | null> => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** Starts a command in a terminal of its own, which `script` of util-linux makes. */
export function inTerminal(folder: string, args: string[], env: NodeJS.ProcessEnv) {
  const typed = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', typed, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, NO_COLOR: '1', TERM: 'dumb', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    /** Resolves when the output since the last call has a text. */
    shows: async (text: string): Promise<void> => {
      await expect.poll(() => output).toContain(text);
      output = output.slice(output.indexOf(text) + text.length);
    },
    press: (keys: string): void => void child.stdin.write(keys),
    ended,
  };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Replaces text in a file below a folder, which must be there. */
export function edit(folder: string, path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(join(folder, path), text.replace(from, to));
}
