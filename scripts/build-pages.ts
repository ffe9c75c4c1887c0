/**
 * Builds the pages for browsers: the overview at /, the API reference at /docs/, and the guides, which are the Markdown files of docs/ and
 * examples/ as HTML. Written to dist/assets, which the Worker serves.
 */
import { globSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, posix } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { writeIfChanged } from './write-if-changed.ts';

const ASSETS = 'dist/assets';
const GUIDES = '/docs/guides';

/** Returns the path under which a Markdown file of this project is served; null for one that is not served. */
export function addressOf(file: string): string | null {
  if (/^docs\/.+\.md$/.test(file)) return `${GUIDES}/${file.slice('docs/'.length, -'.md'.length)}`;
  const example = /^examples\/([^/]+)(?:\/README\.md|\/)?$/.exec(file)?.[1];
  return example ? `${GUIDES}/examples/${example}` : null;
}

/** Copies and renders all pages. */
export function buildPages(): void {
  const copied = ['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => `node_modules/swagger-ui-dist/${name}`);
  for (const file of [...copied, ...readdirSync('src/docs-page').map((name) => `src/docs-page/${name}`)])
    writeIfChanged(`${ASSETS}/docs/${basename(file)}`, readFileSync(file));
  const guides = renderGuides();
  for (const file of globSync(`${ASSETS}${GUIDES}/**/*.html`)) if (!guides.has(file.slice(ASSETS.length))) rmSync(file);
  for (const [file, page] of guides) writeIfChanged(`${ASSETS}${file}`, page);
}

/** Returns every guide and their list, by the path of its HTML file. */
export function renderGuides(): Map<string, string> {
  const guides = globSync(['docs/**/*.md', 'examples/*/README.md'])
    .toSorted()
    .map((file) => readGuide(file));
  const pages = new Map(guides.map(({ address, title, body }) => [`${address}.html`, toPage(title, body)]));
  return pages.set(`${GUIDES}/index.html`, toPage('Guides', toList(guides)));
}

interface Guide {
  file: string;
  address: string;
  title: string;
  body: string;
}

function readGuide(file: string): Guide {
  const text = readFileSync(file, 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (title === undefined) throw new Error(`${file} has no heading`);
  return { file, address: addressOf(file)!, title, body: toHtml(file, text) };
}

/** Renders Markdown as HTML, with GitHub's anchors of headings. Links to files that are not served become plain text. */
function toHtml(file: string, text: string): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: heading }: Tokens.Heading): string {
        return `<h${depth} id="${anchorOf(heading)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const label = this.parser.parseInline(tokens);
        const target = targetOf(file, href);
        return target === null ? label : `<a href="${escapeHtml(target)}">${label}</a>`;
      },
      // Angle brackets in a guide are placeholders. Only comments are HTML: they mark examples for tests.
      html: ({ text: html }: Tokens.HTML | Tokens.Tag): string => (html.startsWith('<!--') ? '' : escapeHtml(html)),
    },
  });
  return marked.parse(text, { async: false });
}

const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** The address of a local service in the pages. Links to it become links to the service that serves the page. */
const LOCAL = 'http://127.0.0.1:8787/';

function targetOf(file: string, href: string): string | null {
  if (`${href}/`.startsWith(LOCAL)) return `/${href.slice(LOCAL.length)}`;
  if (/^[a-z]+:/.test(href) || href.startsWith('#')) return href;
  const [path, anchor] = href.split('#') as [string, string?];
  const address = addressOf(posix.join(dirname(file), path));
  return address === null ? null : `${address}${anchor === undefined ? '' : `#${anchor}`}`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Groups of the list of guides, by the folders of their files. */
const GROUPS = [
  { title: 'Start', folder: /^docs\/quickstart/ },
  { title: 'How it works', folder: /^docs\/(?!quickstart|style)[^/]+$/ },
  { title: 'Coming from another product', folder: /^docs\/compat\// },
  { title: 'Examples', folder: /^examples\// },
  { title: 'For contributors', folder: /^docs\/(style\.md|decisions\/)/ },
] as const;

const toList = (guides: Guide[]): string =>
  GROUPS.map(({ title, folder }) => {
    const items = guides.filter(({ file }) => folder.test(file));
    const links = items.map((guide) => `<li><a href="${guide.address}">${escapeHtml(guide.title)}</a></li>`);
    return `<h2>${title}</h2>\n<ul>\n${links.join('\n')}\n</ul>`;
  }).join('\n');

const toPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(title)} · Portico</title>
    <link rel="icon" href="/favicon.svg" />
    <link rel="stylesheet" href="/docs/pages.css" />
  </head>
  <body>
    <nav><a href="/">Portico</a> <a href="${GUIDES}/">Guides</a> <a href="/docs/">API reference</a></nav>
    <main>
${title === 'Guides' ? '<h1>Guides</h1>\n' : ''}${body}
    </main>
  </body>
</html>
`;
