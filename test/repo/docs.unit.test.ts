import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/kernel/errors';
import { STATUS } from '../../src/http/wire/errors';

/** The text of files, by their path from the root of the project. */
const read = (...patterns: string[]): Record<string, string> =>
  Object.fromEntries(globSync(patterns).map((file) => [`/${file}`, readFileSync(file, 'utf8')]));

const pages = read('*.md', 'console/*.md', 'docs/**/*.md', 'examples/**/*.md', 'bench/**/*.md');
const sources = read('{src,test,scripts,bench,packages}/**/*.ts', 'console/src/**/*.{ts,tsx}', '*.ts');
const files = new Set(
  globSync([
    '*',
    '.*',
    '.ci/*',
    '{docs,examples,bench,src,test,scripts,vendor}/**/*',
    'console/{*,src/**/*}',
    'packages/*/{*,bin/*,src/**/*}',
    'migrations/*',
  ]).map((file) => `/${file}`),
);
const exists = (path: string): boolean =>
  files.has(path) || [...files].some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));

const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
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

test('prose wraps at 140 columns', () => {
  const wide: string[] = [];
  for (const [page, text] of Object.entries(pages)) {
    const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, (code) => '\n'.repeat(code.split('\n').length - 1));
    // Rows of tables, and links that are longer than a line, cannot be broken.
    for (const [index, line] of prose.split('\n').entries())
      if (line.length > 140 && !/^ *(\||\S+$)/.test(line)) wide.push(`${page}:${index + 1}`);
  }
  expect(wide).toEqual([]);
});

/** Paths that guides invent, and folders that a build or a start makes. */
const INVENTED =
  /^(pricing\/.*|(main|tax|email)\.py|endpoint\.json|secrets\.json|handler\.js|\.(workflow|graph)\.json|portico\.d\.ts|(handlers|tables)\/.*|(\.wrangler|\.portico|dist|node_modules)\/.*)$/;
const ENDING = /\w\.(ts|mjs|js|py|md|json|toml|sql|css|html|bin)$/;
const ROOM = /^(src\/)?(core|plynx|http|runtime|storage|platform|kernel|entrypoints)(\/|$)/;

const isPath = (text: string): boolean =>
  /^[\w.-]+(\/[\w.-]+)*\/?$/.test(text) && (text.endsWith('/') || ENDING.test(text) || ROOM.test(text));

/** Returns the files and folders (`core/runs/`) that a page names in backticks. `{a,b}.ts` is two of them. */
function citedOnPage(text: string): string[] {
  const quoted = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\s]+)`/g)].map(([, path]) => path!);
  return quoted
    .flatMap((path) => {
      const [, before, choices, after] = /^(.*)\{(.*)\}(.*)$/.exec(path) ?? [];
      return choices === undefined ? [path] : choices.split(',').map((choice) => `${before}${choice}${after}`);
    })
    .filter(isPath);
}

/** Returns the sources and pages that comments name. */
function citedInComments(text: string): string[] {
  const comments = text.match(/^\s*(\/\/|\*|\/\*).*$/gm) ?? [];
  return comments.flatMap((line) => line.match(/(?<![\w./@{<*-])([\w-]+\/)*[\w-][\w.-]*\.(ts|md)\b(?![\w(*])/g) ?? []);
}

/** Is it the end of a file's path, or a part of one where it names a folder? */
const isThere = (path: string): boolean =>
  INVENTED.test(path) ||
  [...files].some((file) =>
    ENDING.test(path) ? file.endsWith(`/${path}`) : file.includes(`/${path.replace(/\/$/, '')}/`),
  );

const staleOf = (texts: Record<string, string>, cited: (text: string) => string[]): string[] =>
  Object.entries(texts).flatMap(([page, text]) =>
    cited(text)
      .filter((path) => !isThere(path))
      .map((path) => `${page}: ${path}`),
  );

test('paths that pages and comments name exist', () => {
  expect(staleOf(pages, citedOnPage)).toEqual([]);
  expect(staleOf(sources, citedInComments)).toEqual([]);
  expect(staleOf({ page: '`core/gone/` `src/{worker,gone}.ts` `gone.md`' }, citedOnPage)).toHaveLength(3);
  expect(staleOf({ source: '// As worker.ts, not gone.ts, does.' }, citedInComments)).toHaveLength(1);
});

test('tests that pages quote by name exist', () => {
  const gone: string[] = [];
  for (const [page, text] of Object.entries(pages)) {
    for (const [, file, quotes] of text.matchAll(/`([\w./-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)) {
      const tests = Object.entries(sources).filter(([path]) => path.endsWith(`/${file}`));
      for (const [, name] of quotes!.matchAll(/"([^"…]+)/g))
        if (!tests.some(([, source]) => source.includes(name!))) gone.push(`${page}: ${file}: ${name}`);
    }
  }
  expect(gone).toEqual([]);
});

test('every dependency has its reason', () => {
  const reasons = pages['/docs/decisions/0003-libraries.md']!;
  const rows = new Set(
    [...reasons.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, names]) => names!.replaceAll('`', '').split(', ')),
  );
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !rows.has(name))).toEqual([]);
});

test('each decision has a number of its own, in its name and in its heading', () => {
  const decisions = Object.entries(pages).filter(([page]) => page.startsWith('/docs/decisions/'));
  const numbers = decisions.map(([page, text]) => ({
    inName: Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]),
    inHeading: Number(/^# (\d+)\. /.exec(text)?.[1]),
  }));
  expect(numbers.filter(({ inName, inHeading }) => inName !== inHeading)).toEqual([]);
  expect(new Set(numbers.map(({ inName }) => inName)).size).toBe(decisions.length);
});

test('commands of pages mean the same in bash and in zsh', () => {
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
