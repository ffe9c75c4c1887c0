import { openInspector, type Inspector } from './service/inspector.ts';
import { serveRace, type ServedRace } from './serve-race.ts';

/** Serves Portico with the endpoint of a race while `work` looks into Portico's own isolate. Throws for a name that no race has. */
export const inspectRace = (
  name: string,
  work: (race: ServedRace & { inspector: Inspector }) => Promise<void>,
): Promise<void> =>
  serveRace(name, { inspect: true }, async (race) => {
    const inspector = await openInspector(race.served.inspector!, 'portico');
    await work({ ...race, inspector });
    inspector.close();
  });
