import isolate from './isolate.txt';
import work from './work.txt';

const code = {
  compatibilityDate: '2026-10-20',
  mainModule: 'isolate.js',
  modules: { 'isolate.js': isolate, 'work.js': work },
  globalOutbound: null,
};

/** Floor of every pooled call: a Worker that passes the request to a Dynamic Worker, and nothing else. */
export default {
  fetch: (request, env) =>
    env.LOADER.get('floor', () => code)
      .getEntrypoint()
      .fetch(request),
};
