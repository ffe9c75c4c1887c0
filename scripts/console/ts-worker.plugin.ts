import type { Plugin } from 'vite';
import { buildTsWorker } from './ts-worker.ts';

const NAME = 'virtual:ts-worker';

/** Puts the TypeScript worker among the assets, and its address into the module `virtual:ts-worker`. */
export function tsWorker(): Plugin {
  const worker = buildTsWorker();
  return {
    name: 'ts-worker',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: async (id) =>
      id === `\0${NAME}` ? `export default ${JSON.stringify(`/console/${(await worker).file}`)};` : null,
    async generateBundle() {
      const { file, code } = await worker;
      this.emitFile({ type: 'asset', fileName: file, source: code });
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        void worker.then(({ file, code }) => {
          if (request.url !== `/console/${file}`) return next();
          response.setHeader('content-type', 'text/javascript');
          response.end(code);
        });
      });
    },
  };
}
