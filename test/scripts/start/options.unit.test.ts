import { expect, test } from 'vitest';
import { readOptions } from '../../../scripts/start/options.ts';

test('without arguments everything has its usual place', () => {
  expect(readOptions([], {})).toMatchObject({
    port: 8787,
    persistTo: '.wrangler/state',
    vars: '.dev.vars',
    notes: '.portico/local.json',
    once: false,
  });
});

test('each option is taken, with = or without', () => {
  const args = ['--port=9000', '--persist-to', 's', '--vars', 'v', '--notes', 'n', '--max-memory', '512', '--once'];
  expect(readOptions(args, {})).toEqual({
    port: 9000,
    persistTo: 's',
    vars: 'v',
    notes: 'n',
    maxMemory: 512 * 1024 * 1024,
    once: true,
  });
  expect([readOptions(['--help'], {}), readOptions(['-h'], {})]).toEqual([null, null]);
});

const HELP = 'npm start -- --help lists the options.';
test.each([
  ['--prot 9000', `Unknown option --prot. ${HELP}`],
  ['-p 9000', `Unknown option -p. ${HELP}`],
  ['--constructor', `Unknown option --constructor. ${HELP}`],
  ['9000', `"9000" is not an option. ${HELP}`],
  ['--port', '--port needs a value: npm start -- --port 8788'],
  ['--port --once', '--port needs a value: npm start -- --port 8788'],
  ['--port=', '--port needs a value: npm start -- --port 8788'],
  ['--vars', '--vars needs a value: npm start -- --vars PATH'],
  ['--once=yes', '--once takes no value.'],
  ['--port 80000', '--port must be a whole number from 1 to 65535, not "80000": npm start -- --port 8788'],
  ['--port 0x50', '--port must be a whole number from 1 to 65535, not "0x50": npm start -- --port 8788'],
  [
    '--max-memory 3GB',
    '--max-memory must be a whole number from 100 to 1000000, not "3GB": npm start -- --max-memory 2000',
  ],
])('%s is refused with the correct usage', (line, message) => {
  expect(() => readOptions(line.split(' '), {})).toThrow(new Error(message));
});

test.each([
  // Options as npm 11 passes them: an option without = is kept as true, and its value passed on.
  ['npm start --port 9000', { npm_config_port: 'true' }, ['9000'], '--port 9000'],
  ['npm start --port=9000', { npm_config_port: '9000' }, [], '--port 9000'],
  ['npm start --once', { npm_config_once: 'true' }, [], '--once'],
  [
    'npm start --port 9000 --persist-to s',
    { npm_config_port: 'true', npm_config_persist_to: 'true' },
    ['9000', 's'],
    '--port 9000 --persist-to s',
  ],
])('%s reports the forgotten --', (_typed, env, args, options) => {
  const told = `npm kept ${options} for itself. Put -- before it: npm start -- ${options}`;
  expect(() => readOptions(args, { npm_lifecycle_event: 'start', ...env })).toThrow(new Error(told));
  expect(() => readOptions([], env)).not.toThrow();
});
