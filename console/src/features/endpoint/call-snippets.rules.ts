import { posixQuoted } from '../../kit/shell-quote.rules';
import type { Endpoint } from './endpoint.queries';

type Called = Pick<Endpoint, 'url' | 'methods' | 'access' | 'parameters'>;
type Parameter = Called['parameters'][number];

export interface Snippet {
  id: 'curl' | 'javascript' | 'python';
  label: string;
  text: string;
}

/** The credential as a variable of the shell: a key is never in what is copied. */
const KEY_VARIABLE = 'PORTICO_KEY';

interface Call {
  method: string;
  url: string;
  /** Names of headers whose value is the credential, and values of the others. */
  headers: [name: string, value: string, isCredential?: boolean][];
  body: Record<string, unknown> | null;
}

/** Returns calls of an endpoint to copy, with the test values of its parameters where it has them. */
export function callSnippets(endpoint: Called): Snippet[] {
  const call = toCall(endpoint);
  return [
    { id: 'curl', label: 'curl', text: curl(call) },
    { id: 'javascript', label: 'JavaScript', text: javaScript(call) },
    { id: 'python', label: 'Python', text: python(call) },
  ];
}

function toCall({ url, methods, access, parameters }: Called): Call {
  const takesBody = methods.find((method) => ['POST', 'PUT', 'PATCH'].includes(method));
  const at = (place: Parameter['in']): Parameter[] => parameters.filter((one) => one.in === place);
  const query = new URLSearchParams(at('query').map((one) => [one.sentAs ?? one.name, textOf(sampleOf(one))]));
  const body = Object.fromEntries(at('body').map((one) => [one.sentAs ?? one.name, sampleOf(one)]));
  const headers: Call['headers'] = at('header').map((one) => [one.sentAs ?? one.name, textOf(sampleOf(one))]);
  if (access.level === 'key') headers.unshift(['x-api-key', '', true]);
  else if (access.level !== 'public') headers.unshift(['authorization', 'Bearer ', true]);
  const hasBody = takesBody !== undefined && Object.keys(body).length > 0;
  if (hasBody) headers.push(['content-type', 'application/json']);
  return {
    method: takesBody ?? methods[0] ?? 'GET',
    url: query.size === 0 ? url : `${url}?${query.toString()}`,
    headers,
    body: hasBody ? body : null,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A value that the parameter takes: its test value, its default, or one of its type. */
function sampleOf({ test, default: byDefault, type, values, min }: Parameter): unknown {
  if (test !== undefined && test !== null) return test;
  if (byDefault !== undefined && byDefault !== null) return byDefault;
  switch (type) {
    case 'integer':
    case 'number':
      return min ?? 1;
    case 'boolean':
      return true;
    case 'enum':
      return values?.[0] ?? '';
    case 'array':
      return [];
    case 'object':
    case 'json':
      return {};
    case 'email':
      return 'ada@example.com';
    case 'date':
      return '2026-01-31';
    case 'datetime':
      return '2026-01-31T12:00:00Z';
    case 'url':
      return 'https://example.com/';
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000';
    default:
      return 'text';
  }
}

function curl({ method, url, headers, body }: Call): string {
  const given = headers.map(([name, value, isCredential]) =>
    isCredential ? `-H "${name}: ${value}$${KEY_VARIABLE}"` : `-H ${posixQuoted(`${name}: ${value}`)}`,
  );
  const isDefault = method === (body === null ? 'GET' : 'POST');
  return [
    'curl',
    ...(isDefault ? [] : [`-X ${method}`]),
    posixQuoted(url),
    ...given,
    ...(body === null ? [] : [`-d ${posixQuoted(JSON.stringify(body))}`]),
  ].join(' ');
}

function javaScript({ method, url, headers, body }: Call): string {
  const lines = headers.map(([name, value, isCredential]) => {
    const text = isCredential ? `\`${value}\${process.env.${KEY_VARIABLE}}\`` : JSON.stringify(value);
    return `    ${JSON.stringify(name)}: ${text},`;
  });
  return [
    `const response = await fetch(${JSON.stringify(url)}, {`,
    `  method: ${JSON.stringify(method)},`,
    ...(lines.length > 0 ? ['  headers: {', ...lines, '  },'] : []),
    ...(body === null ? [] : [`  body: JSON.stringify(${JSON.stringify(body)}),`]),
    '});',
    'console.log(response.status, await response.text());',
  ].join('\n');
}

function python({ method, url, headers, body }: Call): string {
  const own = headers.filter(([name]) => name !== 'content-type');
  const needsKey = own.some(([, , isCredential]) => isCredential);
  const lines = own.map(([name, value, isCredential]) => {
    const text = isCredential ? `f"${value}{os.environ['${KEY_VARIABLE}']}"` : JSON.stringify(value);
    return `        ${JSON.stringify(name)}: ${text},`;
  });
  return [
    ...(needsKey ? ['import os'] : []),
    'import requests',
    '',
    'response = requests.request(',
    `    ${JSON.stringify(method)},`,
    `    ${JSON.stringify(url)},`,
    ...(lines.length > 0 ? ['    headers={', ...lines, '    },'] : []),
    ...(body === null ? [] : [`    json=${toPython(body)},`]),
    ')',
    'print(response.status_code, response.text)',
  ].join('\n');
}

/** Writes a JSON value in Python. */
function toPython(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(toPython).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}: ${toPython(item)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
