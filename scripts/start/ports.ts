import { once } from 'node:events';
import { createServer } from 'node:net';

/** Throws when the port is in use: wrangler would silently take another one. */
export async function expectFreePort(port: number): Promise<void> {
  const code = await listenError(port);
  if (code === 'EADDRINUSE')
    throw new Error(`Port ${port} is taken. Take another: npm start -- --port ${await freePortAfter(port)}`);
  if (code === 'EACCES') throw new Error(`Port ${port} requires root. Use one above 1023: npm start -- --port 8787`);
  if (code !== null) throw new Error(`Port ${port} cannot be used: ${code}.`);
}

/** Returns the next free port. */
export async function freePortAfter(port: number): Promise<number> {
  for (let next = port + 1; next < 65_536; next++) if ((await listenError(next)) === null) return next;
  return 8787;
}

/** Returns the error code of listening at a port; null when it is free. */
async function listenError(port: number): Promise<string | null> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    probe.close();
  }
}
