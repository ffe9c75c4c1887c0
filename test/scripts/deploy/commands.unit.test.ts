import { globSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import { experimental_getWranglerCommands } from 'wrangler';
import { readBackupOptions, readRestoreOptions } from '../../../scripts/backup/options.ts';
import { readOptions } from '../../../scripts/deploy/options.ts';

const pages = ['README.md', 'docs/operations.md', 'docs/first-account.md'].map((file) => readFileSync(file, 'utf8'));
/** Lines of code blocks, and code in sentences and cells. */
const commands = pages.flatMap((text) => [
  ...[...text.matchAll(/^```(?:bash)?\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!.replaceAll('\\\n', ' ').split('\n'),
  ),
  ...[...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
]);
const startingWith = (prefix: RegExp): string[] => [
  ...new Set(commands.flatMap((line) => line.split(/ && |; /)).filter((line) => prefix.test(line))),
];
/** Splits a command as a shell does, as far as the pages go. */
const words = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/^["']|["']$/g, ''));

interface Node {
  subtree?: Map<string, Node>;
  definition?: { type: string; args?: object; positionalArgs?: string[] };
}

describe('commands of the pages about deploys', () => {
  const { registry, globalFlags } = experimental_getWranglerCommands() as unknown as {
    registry: Node;
    globalFlags: object;
  };

  test.each(startingWith(/^npx wrangler /))('wrangler knows %j', (line) => {
    let [node, rest] = [registry, words(line).slice(2)];
    for (; node.subtree?.has(rest[0]!); rest = rest.slice(1)) node = node.subtree.get(rest[0]!)!;
    expect(node.definition?.type).toBe('command');
    const known = { ...globalFlags, ...node.definition!.args };
    const { tokens } = parseArgs({ args: rest, strict: false, allowPositionals: true, tokens: true });
    for (const token of tokens) if (token.kind === 'option') expect(Object.keys(known)).toContain(token.name);
  });

  test.each(startingWith(/^npm run deploy/))('npm run deploy knows %j', (line) => {
    const [, , , dashes, ...args] = words(line);
    expect([undefined, '--']).toContain(dashes);
    expect(() =>
      readOptions(
        args.map((arg) => (arg === 'NAME' ? 'name' : arg)),
        {},
      ),
    ).not.toThrow();
  });

  test.each(startingWith(/^npm run (backup|restore)/))('the command knows %j', (line) => {
    const [, , command, dashes = '--', ...args] = words(line);
    expect(dashes).toBe('--');
    if (command === 'restore' && args.length === 0) return;
    expect(command === 'backup' ? readBackupOptions(args) : readRestoreOptions(args)).not.toBeNull();
  });

  test('are found in the pages', () => {
    expect(startingWith(/^npx wrangler /).length).toBeGreaterThan(8);
    expect(startingWith(/^npm run deploy/).length).toBeGreaterThan(5);
  });

  test('the statement for a lost admin leaves a user without the role and the name', () => {
    const sql = /d1 execute portico-db --remote --command "(update users (?:[^"\\]|\\.)*)"/.exec(pages[1]!)![1]!;
    const database = new DatabaseSync(':memory:');
    for (const file of globSync('migrations/*.sql').toSorted()) database.exec(readFileSync(file, 'utf8'));
    const columns = 'id, name, password_hash, roles, created_at, updated_at';
    database.exec(`insert into users (${columns}) values ('usr_1', 'admin', 'x', '["admin"]', 0, 0)`);
    database.exec(sql.replaceAll('\\"', '"'));
    const user = database.prepare('select name, roles from users').get();
    expect({ ...user }).toEqual({ name: 'old-admin', roles: '["developer"]' });
  });
});
