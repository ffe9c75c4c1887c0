import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Command } from '../command.ts';
import { EXIT, Failure } from '../failure.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import { writeOwnFiles } from '../project/own-files.ts';
import { renderTypes } from '../../../../src/core/projects/types/render-types.rules.ts';

/** Address of a service that `npm start` runs. */
const LOCAL_URL = 'http://127.0.0.1:8787';

export const init: Command = {
  args: '[folder]',
  count: [0, 1],
  about:
    'Makes a project: a handler and its endpoint, settings for the compiler, and schemas for editors. Overwrites no file.',
  options: { url: { type: 'string', value: 'url', help: `The service of the target local. Default: ${LOCAL_URL}` } },
  run: async (call) => {
    const folder = resolve(call.folder, call.args[0] ?? '.');
    const url = call.text('url') ?? LOCAL_URL;
    if (!URL.canParse(url)) throw new Failure(`${url} is not a URL`, EXIT.usage);
    if (existsSync(join(folder, PROJECT_FILE))) throw new Failure(`${folder} is a project already`);
    const files = Object.entries(filesOf(projectName(folder), url));
    const made = files.filter(([path]) => !existsSync(join(folder, path)));
    for (const [path, text] of made) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text, { flag: 'wx' });
    }
    writeOwnFiles(folder);
    const paths = made.map(([path]) => path);
    const shown = shownFolder(call.folder, folder);
    call.io.say(`Made ${shown || '.'}: ${paths.join(', ')}.`);
    call.io.say(
      `Next:${shown && `  cd ${shown} &&`} npx portico push && curl '${new URL(url).origin}/u/hello?name=Ada'`,
    );
    call.io.result({ folder, files: paths });
    return EXIT.done;
  },
};

/** Returns a folder as an argument of a shell: relative where it is below, in quotes where it needs them; empty for the same. */
function shownFolder(from: string, folder: string): string {
  const path = relative(from, folder);
  const shown = path.startsWith('..') ? folder : path;
  return /[^\w./-]/.test(shown) ? `'${shown.replaceAll("'", String.raw`'\''`)}'` : shown;
}

/** Returns the name of a folder as the name of a project. */
export function projectName(folder: string): string {
  const name = basename(folder)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
  return name === '' ? 'project' : name;
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** Returns the files of a new project, by their paths. */
function filesOf(project: string, url: string): Record<string, string> {
  return {
    [PROJECT_FILE]: json({
      $schema: './.portico/schema/project.json',
      project,
      targets: { local: { url } },
      default: 'local',
    }),
    'handlers/hello.ts': HANDLER,
    'handlers/hello.endpoint.jsonc': ENDPOINT,
    'portico.d.ts': renderTypes([HELLO]),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'es2024',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2024', 'dom', 'dom.iterable'],
        types: [],
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        resolveJsonModule: true,
        skipLibCheck: true,
      },
      include: ['**/*.ts'],
    }),
    '.gitignore': 'node_modules/\n.portico/\n.env.portico\n',
  };
}

/** The endpoint of a new project, as far as types need it. */
const HELLO = {
  kind: 'endpoint',
  identity: 'GET hello',
  document: { parameters: [{ name: 'name', required: true }] },
};

const HANDLER = `export default function hello({ name }: Portico.Parameters['GET hello']) {
  return { message: \`Hello, \${name}!\` };
}
`;

const ENDPOINT = `{
  "$schema": "../.portico/schema/endpoint.json",
  "path": "hello",
  "methods": ["GET"],
  "title": "Hello",
  // The handler is the file beside this one.
  "parameters": [{ "name": "name", "in": "query", "type": "text", "required": true, "test": "Ada" }],
  "on": {
    // In every other target it admits no caller until you choose one here.
    "local": { "access": { "level": "public" } }
  }
}
`;
