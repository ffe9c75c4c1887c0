import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { expectNode } from '../../../scripts/deploy/deploy.ts';
import { readOptions } from '../../../scripts/deploy/options.ts';

test('without options, production is deployed and checked', () => {
  expect(readOptions([], {})).toEqual({
    env: null,
    dryRun: false,
    adopt: false,
    force: false,
    url: null,
    smoke: true,
    rotate: [],
  });
});

test.each(['env', 'dry_run', 'url', 'rotate'])('--%s that npm kept for itself stops the deploy', (name) => {
  expect(() => readOptions([], { [`npm_config_${name}`]: 'staging' })).toThrow(/Put -- before the options/);
});

test.each([
  [['--url', 'api.example.com'], '--url must be like https://api.example.com'],
  [['--rotate', 'BOOTSTRAP_TOKEN'], '--rotate takes AUTH_SECRET, KEY_PEPPER, SECRETS_KEY'],
  [['--enviroment', 'staging'], '--enviroment'],
  [['staging'], 'staging'],
])('%j is refused', (args, message) => expect(() => readOptions(args, {})).toThrow(message));

test("a build of Cloudflare's own deploys the Worker that it is connected to", () => {
  expect(readOptions([], { WORKERS_CI: '1' })!.adopt).toBe(true);
});

test('--url is an origin', () => {
  expect(readOptions(['--url', 'https://api.example.com/health?a=1'], {})!.url).toBe('https://api.example.com');
});

test('npm run deploy --env staging, without --, deploys nothing', () => {
  const { status, stderr } = spawnSync('npm', ['run', 'deploy', '--env', 'staging'], { encoding: 'utf8' });
  expect(stderr).toContain('Put -- before the options: npm run deploy -- --env');
  expect(status).toBe(1);
});

test('a deploy runs on the Node of the project', () => {
  expect(() => expectNode('22.20.0')).toThrow('This needs Node 24');
  expect(() => expectNode(process.versions.node)).not.toThrow();
});
