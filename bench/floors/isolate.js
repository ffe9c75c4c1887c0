import { DurableObject } from 'cloudflare:workers';
import work from './work.js';

/** The Dynamic Worker behind the floors: JSON in and out, by fetch. `work` is table.js or echo.js. */
export default {
  async fetch(request) {
    return Response.json(work(await request.json()));
  },
};

/** The same as a facet: JSON text in and out, by RPC. */
export class App extends DurableObject {
  call(text) {
    return JSON.stringify(work(JSON.parse(text)));
  }
}
