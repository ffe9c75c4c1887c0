import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { layerOrder } from '../scripts/console/layer-order.plugin.ts';
import { tsWorker } from '../scripts/console/ts-worker.plugin.ts';

/** Address of the service for `npm run dev -w console`, which serves the console itself. */
const SERVICE = process.env.PORTICO_ORIGIN ?? 'http://127.0.0.1:8787';

export default defineConfig({
  base: '/console/',
  plugins: [react(), tsWorker(), layerOrder(['base', 'kit', 'screen'])],
  // src/http/console.routes.ts puts a nonce of each response in its place.
  html: { cspNonce: 'portico-nonce' },
  build: {
    outDir: '../dist/assets/console',
    emptyOutDir: true,
    target: 'es2024',
    manifest: true,
    // Nothing inline: neither a small file as data: nor a polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/admin': SERVICE, '/favicon.svg': SERVICE, '/docs': SERVICE, '/u': SERVICE } },
});
