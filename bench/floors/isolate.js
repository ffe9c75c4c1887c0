import { DurableObject } from 'cloudflare:workers';
import table from './table.js';

/** The Dynamic Worker behind the floors: JSON in and out, by fetch. */
export default {
  async fetch(request) {
    return Response.json(table(await request.json()));
  },
};

/** The same as a facet: JSON text in and out, by RPC. */
export class App extends DurableObject {
  call(text) {
    return JSON.stringify(table(JSON.parse(text)));
  }
}
