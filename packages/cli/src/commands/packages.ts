import type { Command } from '../command.ts';
import { EXIT } from '../failure.ts';
import { openTarget } from './runs.ts';

interface PackageSet {
  name: string;
  packages: { name: string; version: string; modules: string[] }[];
  uploaded: boolean;
}
interface Page {
  items: PackageSet[];
  nextCursor: string | null;
}

export const packages: Command = {
  about: 'Lists the sets of Python packages of the service: what scripts may declare at their top.',
  run: async (call) => {
    const { service } = await openTarget(call);
    const sets: PackageSet[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const page: Page = await service.json('GET', `/admin/package-sets${query}`);
      sets.push(...page.items);
      cursor = page.nextCursor;
    }
    if (sets.length === 0) call.io.say('The service has no package sets: scripts have the standard library.');
    for (const { name, packages, uploaded } of sets)
      call.io.say(
        `${name}${uploaded ? ' (uploaded)' : ''}: ${packages.map((one) => `${one.name} ${one.version}`).join(', ')}`,
      );
    call.io.result({ sets });
    return EXIT.done;
  },
};
