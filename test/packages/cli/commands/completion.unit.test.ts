import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completion } from '../../../../packages/cli/src/commands/completion.ts';
import { COMMANDS } from '../../../../packages/cli/src/commands.ts';

async function scriptFor(shell: string): Promise<string> {
  const said: string[] = [];
  const io = {
    isTerminal: false,
    say: (text: string) => void said.push(text),
    note: () => undefined,
    result: () => undefined,
    style: (_style: string, text: string) => text,
  };
  await completion.run({ args: [shell], folder: '/', io, flag: () => false, text: () => undefined, texts: () => [] });
  return said.join('\n');
}

/** Completions of bash for typed words. */
const complete = (script: string, words: string): string[] =>
  execFileSync('bash', {
    input: `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _portico; echo "\${COMPREPLY[@]}"`,
    encoding: 'utf8',
  })
    .trim()
    .split(' ');

test('bash completes commands, their actions and options', async () => {
  const script = await scriptFor('bash');
  expect(complete(script, 'portico pu')).toEqual(['push', 'pull']);
  expect(complete(script, 'portico secrets s')).toEqual(['set']);
  expect(complete(script, 'portico push --yes')).toEqual(['--yes-to']);
});

test('scripts for zsh and fish have every command', async () => {
  for (const shell of ['zsh', 'fish']) {
    const script = await scriptFor(shell);
    for (const name of Object.keys(COMMANDS)) expect(script).toContain(name);
  }
});

test('an unknown shell is wrong usage', async () => {
  await expect(scriptFor('tcsh')).rejects.toThrow('expected portico completion bash, zsh or fish');
});
