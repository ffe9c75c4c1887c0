/**
 * The process that serves, started by service.ts in a process group of its own: wrangler's development server as a module, so that it
 * can be restarted while requests are held. It ends when its parent does, however that ends.
 */
import { unstable_startWorker } from 'wrangler';
import { localHosts } from './local-hosts.ts';
import type { FromServe, ToServe } from './serve-messages.ts';

const tell = (message: FromServe): void => void process.send?.(message);

async function serve({ port, persistTo, vars, control }: Extract<ToServe, { kind: 'start' }>): Promise<void> {
  const worker = await unstable_startWorker({
    config: 'wrangler.toml',
    entrypoint: 'scripts/start/local-worker.ts',
    envFiles: [vars],
    // Overrides wrangler.toml, which has the names of the deploy.
    bindings: {
      PUBLIC_HOSTS: { type: 'plain_text', value: localHosts(port, vars) },
      LOCAL_SERVICE: { type: 'plain_text', value: String(port) },
    },
    build: { define: { LOCAL_CONTROL: JSON.stringify(control) } },
    dev: {
      server: { hostname: '127.0.0.1', port },
      // A debugger would listen at a port of its own, and let every page of a browser on this machine run code in the Worker.
      inspector: false,
      persist: persistTo,
      // Otherwise every request would come under the name of a deploy's first route.
      inferOriginFromRoutes: false,
    },
  });
  worker.raw.on('error', (error: unknown) => {
    console.error(error);
    process.exit(1);
  });
  worker.raw.on('reloadComplete', () => tell({ kind: 'restarted' }));
  process.on('message', ({ kind }: ToServe) => {
    if (kind === 'restart') void worker.patchConfig({});
  });
}

// The parent was killed: it did not end this group in order. Work of workerd must not keep the group alive.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
process.once('message', (message: ToServe) => {
  if (message.kind !== 'start') return;
  serve(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
