import { startGenerator, type Generator } from './load/generator.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { openInspector, type Inspector } from './service/inspector.ts';
import { openPortico } from './service/portico.ts';
import { serve, type Served } from './service/serve.ts';

/** Portico with the endpoint of a race, the generator that calls it, and the inspector of Portico's own isolate. */
interface Inspected {
  served: Served;
  generator: Generator;
  target: Parameters<Generator['fire']>[0]['target'];
  inspector: Inspector;
}

/** Serves Portico with the endpoint of a race while `work` looks into its isolate. Throws for a name that no race has. */
export async function inspectRace(name: string, work: (inspected: Inspected) => Promise<void>): Promise<void> {
  const race = SCENARIOS.find((scenario) => scenario.kind === 'race' && scenario.name === name);
  if (race?.kind !== 'race') throw new Error(`unknown race ${name}`);
  const served = await serve({ inspect: true });
  const generator = startGenerator();
  try {
    const target = await race.setUp(await openPortico(served.portico));
    const inspector = await openInspector(served.inspector!, 'portico');
    await work({ served, generator, target, inspector });
    inspector.close();
  } finally {
    generator.stop();
    await served.stop();
  }
}
