import { describe, expect, test } from 'vitest';
import { prepareJavaScript } from '../../../src/runtime/languages/javascript';
import { prepareTypeScript } from '../../../src/runtime/languages/typescript';

const issuesOf = (source: string): string[] => {
  const prepared = prepareJavaScript(source);
  return prepared.kind === 'ready' ? [] : prepared.issues.map(({ line, message }) => `${line}: ${message}`);
};

describe('a habit of another platform is refused, with what to write instead', () => {
  test.each<[string, RegExp[]]>([
    ['module.exports = (req, res) => res.end()', [/^1: .*module\.exports/]],
    ['\nexports.handler = async (event) => ({ statusCode: 200 })', [/^2: .*module\.exports/]],
    ['module.exports.handler = async () => 1', [/module\.exports/]],
    ["const fs = require('x');\nmodule.exports = 1", [/require/, /^2: .*module\.exports/]],
    ['export const GET = () => new Response()', [/^1: a function named GET .*request\.method/]],
    ['export async function POST(request) { return 1 }', [/POST/]],
    ['async function PUT() {}\nexport { PUT }', [/^2: .*PUT/]],
    ['Deno.serve(() => new Response())', [/fetch\(request\).*Deno\.serve/]],
    ['const server = Deno.serve({ port: 8000 }, handle);\nfunction handle() {}', [/Deno\.serve/]],
    ['await Deno.serve(() => new Response()).finished; export default () => 1', []],
    ['Bun.serve({ fetch() {} })', [/Bun\.serve/]],
    ["addEventListener('fetch', (event) => event.respondWith(new Response()))", [/addEventListener/]],
    ["self.addEventListener('fetch', () => {})", [/addEventListener/]],
    [
      'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ a: 1 }) })',
      [/^1: \{statusCode, body\}.*new Response/],
    ],
    [
      "export async function handler(event) {\n  if (!event.body) {\n    return { statusCode: 400, body: 'no' };\n  }\n  return { body: 'x', headers: {}, statusCode: 200 };\n}",
      [/^3: /, /^5: /],
    ],
    ['export default function (params) { return { statusCode: 200, body: 1 } }', [/statusCode/]],
    ['const handler = () => ({ statusCode: 200, body: 1 });\nexport { handler }', [/^1: /]],
  ])('%s', (source, wanted) => {
    const issues = issuesOf(source);
    expect(issues).toHaveLength(wanted.length);
    wanted.forEach((each, index) => expect(issues).toContainEqual(expect.stringMatching(wanted[index] ?? each)));
  });

  test('TypeScript is checked for the same habits', () => {
    const prepared = prepareTypeScript('export const GET = (request: Request): Response => new Response()');
    expect(prepared).toMatchObject({
      kind: 'refused',
      issues: [{ message: expect.stringContaining('GET') as string }],
    });
  });
});

test.each([
  "if (typeof module !== 'undefined') module.exports = {};\nexport default () => 1",
  'export const GET = () => 1;\nexport const handler = () => 1',
  "addEventListener('unhandledrejection', () => {}); export default () => 1",
  'export default () => ({ statusCode: 200 })',
  'export default () => ({ rows: [{ statusCode: 200, body: 1 }] })',
  'export default () => [1].map(() => { return { statusCode: 200, body: 1 } })',
  'const made = { statusCode: 200, body: 1 };\nexport default () => made',
  'export default () => Response.json({ statusCode: 200, body: 1 })',
  'export function GET() {}\nexport default { fetch: () => new Response() }',
])('%s is taken', (source) => expect(issuesOf(source)).toEqual([]));

test('a module without a callable export gets a message for that case', () => {
  expect(issuesOf('export const x = 1')).toEqual([
    expect.stringContaining('a handler exports a function named `handler`'),
  ]);
});

test('a source that nests deep is looked through', () => {
  const deep = `export default () => { return ${'['.repeat(500)}${']'.repeat(500)} }`;
  expect(issuesOf(deep)).toEqual([]);
});
