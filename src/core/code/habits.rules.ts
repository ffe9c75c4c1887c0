import type { AnyNode, Expression, Program } from 'acorn';
import type { Issue } from '../../kernel/errors';
import { childrenOf } from './javascript.rules';
import { sourceIssue } from './source-issue.rules';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Finds the ways in which other platforms publish a function, at the top of a module that was parsed with `locations`. Skips code behind
 * a condition such as `typeof module`, which may be meant for another platform. `called` are the functions that Portico would call; null
 * is one that is known only when the module runs.
 */
export function findHabits(program: Program, called: readonly (AnyNode | null)[]): Issue[] {
  const published = program.body.flatMap((node): Issue[] => {
    const message = habitOf(node) ?? (called.length === 0 ? methodExport(node) : null);
    return message === null ? [] : [sourceIssue('export', message, node.loc!.start)];
  });
  return [...published, ...called.flatMap(statusCodes)];
}

function habitOf(node: Program['body'][number]): string | null {
  if (node.type === 'VariableDeclaration')
    return node.declarations.map(({ init }) => callOf(init)).find(Boolean) ?? null;
  if (node.type !== 'ExpressionStatement') return null;
  const { expression } = node;
  if (expression.type === 'AssignmentExpression' && isCommonJs(expression.left))
    return 'a handler is an ES module: write `export default …` or `export const handler = …` instead of module.exports';
  return callOf(expression);
}

/** `export function GET`, as in Next.js, SvelteKit and others. */
function methodExport(node: Program['body'][number]): string | null {
  if (node.type !== 'ExportNamedDeclaration') return null;
  const { declaration, specifiers } = node;
  const names =
    declaration?.type === 'VariableDeclaration'
      ? declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : ''))
      : declaration
        ? [declaration.id.name]
        : specifiers.map(({ exported }) => (exported.type === 'Identifier' ? exported.name : ''));
  const name = names.find((each) => METHODS.has(each));
  return name === undefined
    ? null
    : `a function named ${name} is not called for its method: export one \`handler(request)\` and check request.method`;
}

const isCommonJs = (node: AnyNode): boolean =>
  node.type === 'MemberExpression' &&
  (isName(node.object, 'exports') || isMember(node, 'module', 'exports') || isCommonJs(node.object));

function callOf(expression: Expression | null | undefined): string | null {
  const call = expression?.type === 'AwaitExpression' ? expression.argument : expression;
  if (call?.type !== 'CallExpression') return null;
  const { callee } = call;
  for (const [object, server] of [
    ['Deno', 'serve'],
    ['Bun', 'serve'],
  ] as const)
    if (isMember(callee, object, server))
      return `a module cannot start a server: write \`export default { fetch(request) { … } }\` instead of ${object}.${server}`;
  const [event] = call.arguments;
  const listens = isName(callee, 'addEventListener') || isMember(callee, 'self', 'addEventListener');
  return listens && event?.type === 'Literal' && event.value === 'fetch'
    ? "there are no fetch events: write `export default { fetch(request) { … } }` instead of addEventListener('fetch', …)"
    : null;
}

const isName = (node: AnyNode, name: string): boolean => node.type === 'Identifier' && node.name === name;
const isMember = (node: AnyNode, object: string, property: string): boolean =>
  node.type === 'MemberExpression' && isName(node.object, object) && !node.computed && isName(node.property, property);

/** Finds where a function returns `{statusCode, body}`, as on AWS and others. Portico would send it as JSON. */
function statusCodes(called: AnyNode | null): Issue[] {
  if (called === null || !/Function/.test(called.type)) return [];
  const { body } = called as { body: AnyNode };
  const returned = body.type === 'BlockStatement' ? returnsOf(body) : [body];
  return returned.filter(isStatusAndBody).map((literal) => sourceIssue('export', STATUS_CODE, literal.loc!.start));
}

const STATUS_CODE =
  '{statusCode, body} is plain JSON here: return new Response(body, { status, headers }), or Response.json(…) for JSON';

/** Returns the values that a block returns itself, not the functions in it. No recursion: a source may nest deeper than the stack. */
function returnsOf(block: AnyNode): AnyNode[] {
  const returned: AnyNode[] = [];
  const open = [block];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'ReturnStatement' && node.argument) returned.push(node.argument);
    if (!/Function|Class/.test(node.type)) open.push(...childrenOf(node));
  }
  return returned;
}

function isStatusAndBody(node: AnyNode): boolean {
  if (node.type !== 'ObjectExpression') return false;
  const names = node.properties.flatMap((part) =>
    part.type === 'Property' && !part.computed && part.key.type === 'Identifier' ? [part.key.name] : [],
  );
  return names.includes('statusCode') && names.includes('body');
}
