import { once } from 'node:events';
import { createServer } from 'node:net';

/** Throws when something listens at the port already: wrangler would take another one and not say so. */
export async function expectFreePort(port: number): Promise<void> {
  const code = await listenError(port);
  if (code === 'EADDRINUSE')
    throw new Error(`Port ${port} is taken. Take another: npm start -- --port ${await freePortAfter(port)}`);
  if (code === 'EACCES')
    throw new Error(`Port ${port} is not yours to use. Take one above 1023: npm start -- --port 8787`);
  if (code !== null) throw new Error(`Port ${port} cannot be used: ${code}.`);
}

/** Returns the next port that nothing listens at. */
export async function freePortAfter(port: number): Promise<number> {
  for (let next = port + 1; next < 65_536; next++) if ((await listenError(next)) === null) return next;
  return 8787;
}

/** Returns the code of the error that listening at a port ends with; null when it can be used. */
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
