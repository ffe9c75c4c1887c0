import { expect, test } from 'vitest';
import { parse, type Command } from '../../../packages/cli/src/command.ts';

const command: Command = { about: '', run: () => Promise.reject(new Error('not run')) };

test('an option that a command does not have is named, in one line', () => {
  expect(() => parse('push', command, ['--bogus'])).toThrow("Unknown option '--bogus'. See portico push --help.");
  expect(() => parse('push', command, ['--target'])).toThrow(/^[^\n]*argument missing\. See portico push --help\.$/);
});
