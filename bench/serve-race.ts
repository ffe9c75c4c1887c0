import { startGenerator, type Generator } from './load/generator.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { openPortico } from './service/portico.ts';
import { serve, type Served, type ServeOptions } from './service/serve.ts';

/** Portico with the endpoint of a race, the address of its floor, and the generator that calls both. */
export interface ServedRace {
  served: Served;
  generator: Generator;
  target: Parameters<Generator['fire']>[0]['target'];
  floor: string;
}

/** Serves Portico with the endpoint of a race while `work` looks at it. Throws for a name that no race has. */
export async function serveRace(
  name: string,
  options: ServeOptions,
  work: (race: ServedRace) => Promise<void>,
): Promise<void> {
  const race = SCENARIOS.find((scenario) => scenario.kind === 'race' && scenario.name === name);
  if (race?.kind !== 'race') throw new Error(`unknown race ${name}`);
  const served = await serve(options);
  const generator = startGenerator();
  try {
    const target = await race.setUp(await openPortico(served.portico));
    await work({ served, generator, target, floor: served.floors[race.floor] });
  } finally {
    generator.stop();
    await served.stop();
  }
}
