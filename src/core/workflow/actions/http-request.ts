import * as z from 'zod';
import { hostIn } from '../../code/mention.rules';
import { defineAction, type ReportIssue } from '../language/action';
import { parseTemplate } from '../language/template.rules';
import { TextValue, Value, ValueMap } from '../language/value.schema';

const Auth = z.union([
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('basic'), user: TextValue, password: TextValue }),
  z.strictObject({ type: z.literal('bearer'), token: TextValue }),
]);

/** `/:name` in a path: a placeholder for a value of `urlParams`. */
const PLACEHOLDER = /\/:([A-Za-z_][A-Za-z0-9_]*)/g;

export const httpRequest = defineAction({
  name: 'http.request',
  title:
    'Sends an HTTP request, under the endpoint’s egress rules. Its result is {status, headers, body}; a status of 400 or above is an error',
  fields: () => ({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']).optional(),
    url: TextValue.meta({ description: 'Absolute URL; /:name in it takes a value of urlParams' }),
    urlParams: ValueMap.optional(),
    query: ValueMap.optional(),
    headers: ValueMap.optional(),
    body: Value.optional(),
    bodyAs: z.enum(['json', 'form', 'text']).optional().meta({ description: 'json when left out' }),
    auth: Auth.optional(),
    retries: z
      .int()
      .min(0)
      .max(5)
      .optional()
      .meta({ description: 'Retries after no response, 429 or 5xx; none when left out' }),
    timeoutMs: z.int().min(1).max(30_000).optional().meta({ description: 'For each attempt; 10,000 when left out' }),
    failOnStatus: z.boolean().optional().meta({ description: 'false: a status of 400 or above is not an error' }),
  }),
  takesSecrets: true,
  mentions({ url }) {
    const start = startOf(url);
    const name = start === null ? null : hostIn(start.text, start.open);
    return name === null ? [] : [{ at: '/url', kind: 'host', name }];
  },
  check(step, report) {
    if (typeof step.url === 'string') checkUrl(step.url, step.urlParams ?? {}, report);
    const method = step.method ?? 'GET';
    if (step.body !== undefined && (method === 'GET' || method === 'HEAD'))
      report('/body', 'invalid_field', `is not allowed with ${method}`);
  },
  compile: (step, code) => {
    const {
      method = 'GET',
      url,
      urlParams,
      query,
      headers,
      body,
      bodyAs,
      auth,
      retries,
      timeoutMs,
      failOnStatus,
    } = step;
    const input = code.input({
      method,
      url,
      urlParams,
      query,
      headers,
      body,
      bodyAs,
      auth,
      retries,
      timeoutMs,
      failOnStatus,
    });
    return `await $run.act(${code.text(step.id)}, "http.request", ${input}, $run.http);`;
  },
});

/** Returns the literal start of a URL, and whether more follows (`open`); null when it starts with an expression. */
function startOf(url: TextValue): { text: string; open: boolean } | null {
  if (typeof url === 'string') return { text: url, open: false };
  if (!('tpl' in url)) return null;
  const [first, ...rest] = parseTemplate(url.tpl).parts;
  return typeof first === 'string' ? { text: first, open: rest.length > 0 } : null;
}

function checkUrl(url: string, urlParams: Record<string, unknown>, report: ReportIssue): void {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    report('/url', 'invalid_field', 'must be an absolute http or https URL');
  // One expression computes all values, so missing ones show when the step runs.
  if (Object.hasOwn(urlParams, '$')) return;
  const placeholders = new Set([...url.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''));
  for (const place of placeholders) {
    if (!Object.hasOwn(urlParams, place)) report('/url', 'unknown_reference', `/:${place} has no value in urlParams`);
  }
  for (const name of Object.keys(urlParams)) {
    if (!placeholders.has(name)) report('/urlParams', 'unknown_reference', `the URL has no /:${name}`);
  }
}
