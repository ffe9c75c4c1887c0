/** A request's body as steps see it: JSON, a form by field, or text; null when there is none. `text` is what was sent, unless it was multipart. */
export async function readBody(request: Request): Promise<{ body: unknown; text: string }> {
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return { body: null, text: '' };
  const type = request.headers.get('content-type') ?? '';
  if (/^multipart\/form-data/i.test(type)) {
    const form = await request.formData();
    return { body: toFields(form), text: '' };
  }
  const text = await request.text();
  if (text === '') return { body: null, text };
  if (/^application\/x-www-form-urlencoded/i.test(type)) return { body: toFields(new URLSearchParams(text)), text };
  return { body: /^text\//i.test(type) ? text : toJson(text), text };
}

/** Repeated fields become a list. */
function toFields(form: Iterable<[string, unknown]>): Record<string, unknown> {
  const fields = new Map<string, unknown[]>();
  for (const [name, value] of form) fields.set(name, [...(fields.get(name) ?? []), value]);
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
