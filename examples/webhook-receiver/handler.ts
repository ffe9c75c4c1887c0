interface Context {
  /** WEBHOOK_SECRET is shared with the sender; the endpoint lists it. */
  env: { WEBHOOK_SECRET: string };
  waitUntil: (work: Promise<unknown>) => void;
}

/**
 * Takes an event that its sender has signed: `x-signature-256: sha256=<hex HMAC-SHA-256 of the body>`. Answers 202 at once and does
 * its work after that; what the work logs, and whether it failed, is in the run.
 */
export async function handler(request: Request, ctx: Context) {
  const body = await request.arrayBuffer();
  const signature = /^sha256=([0-9a-f]{64})$/.exec(request.headers.get('x-signature-256') ?? '')?.[1];
  if (signature === undefined || !(await isSigned(body, signature, ctx.env.WEBHOOK_SECRET))) {
    return [{ error: 'The signature does not match the body.' }, 401];
  }
  const event = readEvent(body);
  if (event === null) return [{ error: 'The body is not a JSON object.' }, 400];
  ctx.waitUntil(work(event));
  return [{ accepted: true }, 202];
}

/** `verify` compares in constant time. The signature is of the bytes as they came: parse first, and it would be of something else. */
async function isSigned(body: ArrayBuffer, signature: string, secret: string): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify']);
  const bytes = Uint8Array.from(signature.match(/../g)!, (pair) => parseInt(pair, 16));
  return crypto.subtle.verify('HMAC', key, bytes, body);
}

function readEvent(body: ArrayBuffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

async function work(event: Record<string, unknown>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(`handled ${String(event.type)}`);
}
