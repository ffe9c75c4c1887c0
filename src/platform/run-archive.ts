import type { RunArchive } from '../core/runs/run-archive';
import { parseName, toName } from '../storage/run-log/place.rules';
import type { RunLogBindings } from './run-log';

const INDEX = 'runs/index';

/** The run log in Durable Objects, for backups. */
export function createRunArchive(env: RunLogBindings): RunArchive {
  const index = () => env.RUN_INDEX.getByName('index');
  const day = (name: string) => env.RUN_DAY.getByName(toName(parseName(name)));
  return {
    parts: async () => {
      const places = (await index().places('', '~')).map((place) => toName(place));
      const days = await Promise.all(places.map(async (name) => ({ name, size: await day(name).newest() })));
      return [...days, { name: INDEX, size: 0 }];
    },
    read: async (name, after, last) => (name === INDEX ? index().readPage(after) : day(name).readPage(after, last)),
    write: async (name, page) => (name === INDEX ? index().writePage(page) : day(name).writePage(page)),
  };
}
