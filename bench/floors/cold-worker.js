import isolate from './isolate.txt';
import table from './table.txt';

/** Floor of a first call: every call starts a Dynamic Worker that never ran. They stay loaded, so only some dozens may be asked for. */
export default {
  fetch: (request, env) =>
    env.LOADER.get(crypto.randomUUID(), () => ({
      compatibilityDate: '2026-10-20',
      mainModule: 'isolate.js',
      modules: { 'isolate.js': isolate, 'table.js': table },
      globalOutbound: null,
    }))
      .getEntrypoint()
      .fetch(request),
};
