import isolate from './isolate.txt';
import work from './work.txt';

/** Floor of a first call: every call starts a new Dynamic Worker. They stay loaded, so send some dozens of calls at most. */
export default {
  fetch: (request, env) =>
    env.LOADER.get(crypto.randomUUID(), () => ({
      compatibilityDate: '2026-10-20',
      mainModule: 'isolate.js',
      modules: { 'isolate.js': isolate, 'work.js': work },
      globalOutbound: null,
    }))
      .getEntrypoint()
      .fetch(request),
};
