import type { Screen } from './browser.ts';
import type { Stage } from './stage.ts';

export interface Visit {
  path: string;
  ms: number;
  requests: number;
  /** Milliseconds of the slowest request. */
  slowest: number;
}

const AWAY = '/account';

/** Goes to each screen: with its script to load, and again once its answers are no longer fresh. */
export async function visitRoutes(
  { page, evaluate }: Screen,
  stage: Stage,
): Promise<{ first: Visit[]; again: Visit[] }> {
  const paths = [
    '/',
    '/endpoints',
    `/endpoints/${stage.endpointId}`,
    '/handlers',
    `/handlers/${stage.longHandlerId}`,
    '/runs',
    '/graphs',
    '/schedules',
    '/alerts',
    '/keys',
    '/tokens',
    '/secrets',
    '/tables',
    '/people',
    '/roles',
    '/audit',
  ];
  const visitAll = async (): Promise<Visit[]> => {
    const visits: Visit[] = [];
    for (const path of paths) {
      await evaluate(`bench.go('${AWAY}')`);
      visits.push({ path, ...(await evaluate<Omit<Visit, 'path'>>(`bench.go('${path}')`)) });
    }
    return visits;
  };
  await page.goto(`${stage.origin}/console/device`);
  await evaluate(`bench.until(() => document.querySelector('main h1'))`);
  const first = await visitAll();
  // Answers count as fresh for 10 s.
  await page.waitForTimeout(11_000);
  return { first, again: await visitAll() };
}
