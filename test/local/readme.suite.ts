import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readExamples } from '../../scripts/start/examples.ts';
import { run } from './support/newcomer.ts';
import type { Visit } from './support/visit.ts';

const blocks = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);

/** The commands of the READMEs have the results that they show. */
export function readmesHold(visit: Visit): void {
  /** Types the lines into one shell, with this service's address and files in the place of the usual ones. */
  const type = (lines: string): Promise<string> => {
    const here = lines.replaceAll('http://127.0.0.1:8787', visit.origin).replaceAll('./.dev.vars', visit.home.vars);
    // A busy machine may store a run later than the pages wait.
    const patient = 'sleep() { command sleep $((3 * $1)); }';
    return run(visit.home, 'bash', '-euc', `${patient}\nEXAMPLE_KEY=${visit.exampleKey()}\n${here}`);
  };

  test('docs/quickstart.md publishes a function, calls it, finds its runs and rolls it back', async () => {
    const output = await type(blocks(readFileSync('docs/quickstart.md', 'utf8'), 'bash').join('\n'));
    expect(output).toContain('{"total":12,"currency":"EUR"}\n{"total":12,"currency":"USD"}\n');
    expect(output).toContain('"outcome":"success","status":200');
    expect(output).toContain('"defaultVersion":1,"latestVersion":2');
    expect(output).not.toContain('urn:portico:error');
  });

  test('docs/tables.md makes a table, fills it, asks it, and takes files in and out', async () => {
    const [signIn] = blocks(readFileSync('docs/quickstart.md', 'utf8'), 'bash');
    const lines = blocks(readFileSync('docs/tables.md', 'utf8'), 'bash').join('\n');
    const output = await type(`cd ${visit.home.folder}\n${signIn}\n${lines}`);
    expect(output).toMatch(/\{"items":\[\{[^}]*"ada@example.com","price":9.5,[^}]*\}\],"nextCursor":null\}/);
    expect(output).toContain('{"count":2}');
    expect(output.replaceAll(/^[0-9a-f-]{36},/gm, '')).toContain(
      'ada@example.com,9.5,false\r\nada@example.com,12.5,true\r\nbob@example.com,0,false\r\neve@example.com,0,false\r\n',
    );
    expect(output).toMatch(/\{"count":1\}\s*\{"count":4\}\s*$/);
    expect(output).not.toContain('urn:portico:error');
  });

  test('docs/graphs.md makes an operation, a graph and its endpoint, and calls it', async () => {
    const [signIn] = blocks(readFileSync('docs/quickstart.md', 'utf8'), 'bash');
    const output = await type(`${signIn}\n${blocks(readFileSync('docs/graphs.md', 'utf8'), 'bash').join('\n')}`);
    expect(output).toMatch(/"status":"SUCCESS","outputs":\[\{"node":"Count","output":"out",.*"text":"19\\n"\}\]\}\s*$/);
    expect(output).not.toContain('urn:portico:error');
  });

  test('docs/first-account.md publishes and calls what it checks on Cloudflare', async () => {
    const lines = blocks(readFileSync('docs/first-account.md', 'utf8'), 'bash').join('\n');
    const signIn = `. ./.dev.vars; PASSWORD=$LOCAL_ADMIN_PASSWORD`;
    const output = await type(`cd ${visit.home.folder}\n${lines.replace("PASSWORD='…'", signIn)}`);
    for (const n of [25, 40, 200]) expect(output).toContain(`{"n":${n}} 200`);
    expect(output).toMatch(/gave up\n(interrupted|success)\n/);
    expect(output).toMatch(/\{"ms":100\} 200 .*\{"length":1040000\} 200 .*1 200 /s);
  });

  test.each(readExamples().map(({ name }) => name))('examples/%s answers what its README shows', async (name) => {
    const readme = readFileSync(`examples/${name}/README.md`, 'utf8');
    const [lines] = blocks(readme, 'bash');
    const [answer] = blocks(readme, 'json');
    const calls = lines!.match(/^curl/gm)!.length;
    const shown = answer!.trim().split('\n');
    // Two ways to send the same are shown with their one answer.
    const expected = shown.length === calls ? shown : Array.from({ length: calls }, () => shown[0]);
    expect(await type(lines!.replaceAll('curl ', 'curl -s '))).toBe(expected.join(''));
  });
}
