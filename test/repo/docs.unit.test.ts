import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/kernel/errors';
import { STATUS } from '../../src/http/wire/errors';

const pages = import.meta.glob<string>(['/*.md', '/docs/**/*.md', '/examples/**/*.md', '/bench/**/*.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** Only the keys are used: nothing is loaded. */
const files = new Set(
  Object.keys(
    import.meta.glob([
      '/*',
      '/docs/**/*',
      '/examples/**/*',
      '/bench/**/*',
      '/src/**/*',
      '/test/**/*',
      '/scripts/**/*',
      '/migrations/*',
    ]),
  ),
);
const exists = (path: string): boolean =>
  files.has(path) || [...files].some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));

const anchorOf = (heading: string): string =>
  heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'); // prettier-ignore
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#{1,6}\s+(.*)$/gm)].map(([, heading]) => anchorOf(heading!));

test('links between pages lead somewhere', () => {
  const broken: string[] = [];
  for (const [page, text] of Object.entries(pages)) {
    const prose = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
    for (const [, link] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [path, anchor] = link!.split('#') as [string, string?];
      const target = path === '' ? page : new URL(path, `file://${page}`).pathname;
      if (!exists(target)) broken.push(`${page}: ${link}`);
      else if (anchor !== undefined && pages[target] !== undefined && !anchorsOf(pages[target]).includes(anchor))
        broken.push(`${page}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

test('each decision has a number of its own, in its name and in its heading', () => {
  const decisions = Object.entries(pages).filter(([page]) => page.startsWith('/docs/decisions/'));
  const numbers = decisions.map(([page, text]) => ({
    inName: Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]),
    inHeading: Number(/^# (\d+)\. /.exec(text)?.[1]),
  }));
  const first = Array.from(decisions, (_, index) => ({ inName: index + 1, inHeading: index + 1 }));
  expect(numbers.toSorted((one, other) => one.inName - other.inName)).toEqual(first);
});

test('what readers are to type means the same in bash and in zsh', () => {
  const patterns: string[] = [];
  for (const [page, text] of Object.entries(pages)) {
    for (const [, block] of text.matchAll(/^```bash\n(.*?)^```/gms)) {
      // Quoted text, arithmetic, the values of variables and tests; zsh ends with an error at any other pattern that fits no file.
      const bare = block!.replace(/'[^']*'|"(?:[^"\\]|\\.)*"|\$\(\(.*?\)\)|\$\{[^}]*\}|^ *\[ .* \]/gms, '_');
      for (const line of bare.split('\n')) if (/[?*[\]]/.test(line)) patterns.push(`${page}: ${line}`);
    }
  }
  expect(patterns).toEqual([]);
});

test('every error code is explained once, with its status', () => {
  const rows = [...pages['/docs/errors.md']!.matchAll(/^\| `(\w+)` \| (\d{3}) \| ([^|]+) \| ([^|]+) \|$/gm)];
  const explained = rows.map(([, code, status]) => `${code} ${status}`);
  expect(explained.toSorted()).toEqual(ERROR_CODES.map((code) => `${code} ${STATUS[code]}`).toSorted());
});
