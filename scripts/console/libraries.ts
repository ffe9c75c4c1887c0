import { readFileSync } from 'node:fs';
import ts from 'typescript-6';
import { LIBRARIES, NODE_MODULES } from '../../src/core/code/libraries.ts';

const LANGUAGE = 'lib.es2024.d.ts';
const RUNTIME = 'node_modules/@cloudflare/workers-types/index.d.ts';

/** Globals of an isolate besides those of the language itself. */
const GLOBALS = [
  'AbortController', 'AbortSignal', 'Blob', 'CompressionStream', 'DecompressionStream', 'Event', 'EventTarget', 'File', 'FormData', 'Headers',
  'ReadableStream', 'Request', 'Response', 'TextDecoder', 'TextDecoderStream', 'TextEncoder', 'TextEncoderStream', 'TransformStream', 'URL',
  'URLPattern', 'URLSearchParams', 'WritableStream', 'atob', 'btoa', 'clearInterval', 'clearTimeout', 'console', 'crypto', 'fetch',
  'performance', 'queueMicrotask', 'setInterval', 'setTimeout', 'structuredClone',
]; // oxfmt-ignore

/** Declarations for the editor of handlers, by the name of their file: the language, and what an isolate has and a handler may import. */
export function editorLibraries(): Record<string, string> {
  return { ...languageFiles(LANGUAGE), 'runtime.d.ts': `${runtimeTypes()}\n${moduleTypes()}` };
}

/** Returns a library of TypeScript with those that it refers to. */
function languageFiles(name: string, found: Record<string, string> = {}): Record<string, string> {
  if (found[name] !== undefined) return found;
  const text = readFileSync(`node_modules/typescript-6/lib/${name}`, 'utf8');
  found[name] = text.replace(/^\/\*![^]*?\*\/\s*/, '');
  for (const [, lib] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) languageFiles(`lib.${lib}.d.ts`, found);
  return found;
}

/** Returns the declarations of the globals, and of what they refer to, without remarks. What is of Cloudflare alone is `any`. */
function runtimeTypes(): string {
  const file = ts.createSourceFile('runtime.d.ts', readFileSync(RUNTIME, 'utf8'), ts.ScriptTarget.Latest, true);
  const declared = new Map<string, ts.Statement[]>();
  for (const statement of file.statements)
    for (const name of namesOf(statement)) declared.set(name, [...(declared.get(name) ?? []), statement]);
  const taken = new Set<ts.Statement>();
  const closed = new Set<string>();
  const open = [...GLOBALS];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const statement of declared.get(name) ?? []) {
      if (taken.has(statement)) continue;
      if (/^(Cf|Cloudflare|IncomingRequestCf|RequestInitCf|WebSocket|Service|Durable|Fetcher)/.test(name))
        closed.add(name);
      else {
        taken.add(statement);
        open.push(...mentions(statement));
      }
    }
  }
  const printer = ts.createPrinter({ removeComments: true });
  const texts = file.statements
    .filter((one) => taken.has(one))
    .map((one) => printer.printNode(ts.EmitHint.Unspecified, one, file));
  return [...texts, ...[...closed].toSorted().map((name) => opaque(name, declared.get(name)!))].join('\n');
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.Statement & { name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

/** Returns the names in a declaration, those of its members included: one too many costs some bytes. */
function mentions(root: ts.Node): string[] {
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) found.push(node.typeName.getText().split('.')[0]!);
    if (ts.isExpressionWithTypeArguments(node)) found.push(node.expression.getText());
    if (ts.isTypeQueryNode(node)) found.push(node.exprName.getText().split('.')[0]!);
    ts.forEachChild(node, walk);
  };
  walk(root);
  return found;
}

/** Declares a type as `any`, with as many parameters as it has. */
function opaque(name: string, [statement]: ts.Statement[]): string {
  const { typeParameters } = statement as ts.InterfaceDeclaration;
  const parameters = typeParameters?.map((_, index) => `T${index} = any`).join(', ');
  return `type ${name}${parameters ? `<${parameters}>` : ''} = any;`;
}

/** Declares the modules that a handler may import; their exports are `any`. */
const moduleTypes = (): string =>
  [...LIBRARIES, ...NODE_MODULES, ...NODE_MODULES.map((name) => `node:${name}`)]
    .map((name) => `declare module '${name}';`)
    .join('\n');
