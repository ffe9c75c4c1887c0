import type { Write } from '../../../storage/commit';
import type { Context } from '../../access/context';
import type { Schedule } from './schedule.schema';
import { nextDue } from './schedule.rules';

/** Returns the writes that give an endpoint the times of its schedules. One that has not changed keeps its times. */
export function claimSchedules(
  { store, now }: Pick<Context, 'store' | 'now'>,
  endpointId: string,
  before: readonly Schedule[],
  after: readonly Schedule[],
): Write[] {
  const isIn = (list: readonly Schedule[], one: Schedule): boolean => list.some((other) => isSameTime(one, other));
  const gone = before.filter((one) => !isIn(after, one)).map(({ name }) => name);
  const fresh = after.filter((one) => !isIn(before, one));
  return [
    ...(gone.length > 0 ? [store.schedules.remove(endpointId, gone)] : []),
    ...(fresh.length > 0
      ? [
          store.schedules.insert(
            endpointId,
            fresh.map((one) => ({ name: one.name, nextAt: nextDue(one, now()) })),
          ),
        ]
      : []),
  ];
}

const isSameTime = (one: Schedule, other: Schedule): boolean =>
  one.name === other.name && one.cron === other.cron && one.zone === other.zone;
