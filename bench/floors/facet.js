import { DurableObject } from 'cloudflare:workers';
import isolate from './isolate.txt';
import work from './work.txt';

const code = {
  compatibilityDate: '2026-10-20',
  mainModule: 'isolate.js',
  modules: { 'isolate.js': isolate, 'work.js': work },
  globalOutbound: null,
};

/** A supervisor that only passes a call on to its facet. */
export class Supervisor extends DurableObject {
  call(text) {
    const facet = this.ctx.facets.get('app', () => ({
      class: this.env.LOADER.get('floor-facet', () => code).getDurableObjectClass('App'),
    }));
    return facet.call(text);
  }
}

/** Floor of every shared call: Worker -> Durable Object -> facet, by RPC. */
export default {
  async fetch(request, env) {
    const text = await env.SUPERVISOR.getByName('floor').call(await request.text());
    return new Response(text, { headers: { 'content-type': 'application/json' } });
  },
};
