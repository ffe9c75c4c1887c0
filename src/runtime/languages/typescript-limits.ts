import * as acorn from 'acorn';
import { getFormattedTokens, type Options } from 'sucrase';
import { nodesOf } from '../../core/code/javascript.rules';
import { sourceIssue } from '../../core/code/source-issue.rules';
import type { Issue } from '../../kernel/errors';

/*
 * Parts of TypeScript that are more than types, and that sucrase would silently drop or change. A save refuses them, so that the author
 * sees it.
 */

/** Finds namespaces with values in them, by line and column. */
export function namespaceIssues(source: string, options: Options): Issue[] {
  return /\b(?:namespace|module)\s+[\w$]/.test(source) ? valueNamespaces(getFormattedTokens(source, options)) : [];
}

interface Token {
  line: number;
  column: number;
  label: string;
  raw: string;
}
/** A line of the token table: `1:9-1:18  name  namespace  …`, positions from 1. */
const TOKEN = /^(\d+):(\d+)-\d+:\d+ +(\S+) +(\S*)/gm;
const VALUE = new Set(['const', 'let', 'var', 'function', 'class', 'enum']);

/** Sucrase would drop a namespace with values in it as if it were a type. */
function valueNamespaces(table: string): Issue[] {
  const tokens = Array.from(table.matchAll(TOKEN), ([, line, column, label, raw]): Token => {
    return { line: Number(line), column: Number(column) - 1, label: label!, raw: raw! };
  });
  return tokens.flatMap((token, index) => {
    if (token.label !== 'name' || !/^(?:namespace|module)$/.test(token.raw)) return [];
    const [before, name] = [tokens[index - 1], tokens[index + 1]];
    if (name?.label !== 'name' || before?.raw === 'declare' || !hasValues(tokens, index + 1)) return [];
    const message = `a namespace with values in it is not supported; write const ${name.raw} = { … }, or single exports`;
    return [sourceIssue('syntax', message, token)];
  });
}

/** Returns true when the braces at `start` contain a declaration of a value. */
function hasValues(tokens: readonly Token[], start: number): boolean {
  let at = start;
  while (tokens[at]?.label === 'name' || tokens[at]?.label === '.') at++;
  if (tokens[at]?.label !== '{') return false;
  for (let depth = 0; at < tokens.length; at++) {
    const { label } = tokens[at]!;
    // The label of an opening bracket may be `${` or `#{`, too.
    if (/[{([]$/.test(label)) depth++;
    else if (/^[})\]]/.test(label) && --depth === 0) return false;
    else if (depth === 1 && VALUE.has(label) && tokens[at - 1]?.raw !== 'declare') return true;
  }
  return false;
}

/**
 * Finds enum members with computed text, in a source and the code that was made of it: sucrase would also make the text a name of the enum,
 * as TypeScript does for numbers.
 */
export function enumIssues(source: string, code: string): Issue[] {
  if (!/\benum\b/.test(source)) return [];
  // As acorn counts them.
  const lines = source.split(/\r\n?|[\n\u2028\u2029]/);
  const program = acorn.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const nodes = nodesOf(program).map(({ node }) => node);
  // In the order of the source: a member may name one before it.
  return textMembers(nodes.toSorted((a, b) => a.start - b.start)).map(({ name, line }) => {
    const message = `the text of the enum member ${name} is computed, which is not supported; write it in quotes`;
    return sourceIssue('syntax', message, { line, column: Math.max(lines[line - 1]!.indexOf(name), 0) });
  });
}

/**
 * Finds members whose value is a text that is not written in quotes. Sucrase writes `const A = "x"; E["A"] = A;` for a text in quotes, and
 * `const B = …; E[E["B"] = B] = "B";` for anything else.
 */
function textMembers(nodes: readonly acorn.AnyNode[]): { name: string; line: number }[] {
  const texts = new Set<string>();
  for (const node of nodes) {
    const declared = node.type === 'VariableDeclaration' && node.kind === 'const' ? node.declarations[0] : undefined;
    if (declared?.id.type === 'Identifier' && isText(declared.init, texts)) texts.add(declared.id.name);
  }
  return nodes.flatMap((node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return [];
    const inner = node.left.property;
    if (inner.type !== 'AssignmentExpression' || inner.left.type !== 'MemberExpression') return [];
    if (node.right.type !== 'Literal' || !isText(inner.right, texts)) return [];
    return [{ name: String(node.right.value), line: node.loc!.start.line }];
  });
}

function isText(
  node: acorn.Expression | acorn.PrivateIdentifier | null | undefined,
  texts: ReadonlySet<string>,
): boolean {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string';
    case 'TemplateLiteral':
      return true;
    case 'Identifier':
      return texts.has(node.name);
    case 'BinaryExpression':
      return node.operator === '+' && (isText(node.left, texts) || isText(node.right, texts));
    default:
      return false;
  }
}
