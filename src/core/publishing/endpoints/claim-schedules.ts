import type { Write } from '../../../storage/commit';
import type { Context } from '../../access/context';
import type { Schedule } from './schedule.schema';
import { nextDue } from './schedule.rules';

/**
 * Returns the writes that give an endpoint the times of its schedules. One that has not changed keeps its times; one that has keeps what is
 * known of its last run.
 */
export function claimSchedules(
  { store, now }: Pick<Context, 'store' | 'now'>,
  endpointId: string,
  before: readonly Schedule[],
  after: readonly Schedule[],
): Write[] {
  const formerOf = ({ name }: Schedule): Schedule | undefined => before.find((one) => one.name === name);
  const gone = before.filter(({ name }) => !after.some((one) => one.name === name)).map(({ name }) => name);
  const added = after.filter((one) => formerOf(one) === undefined);
  const changed = after.filter((one) => {
    const former = formerOf(one);
    return former !== undefined && !isSameTime(one, former);
  });
  const times = (list: readonly Schedule[]) =>
    list.map((one) => ({ name: one.name, nextAt: one.paused ? null : nextDue(one, now()) }));
  return [
    ...(gone.length > 0 ? [store.schedules.remove(endpointId, gone)] : []),
    ...(added.length > 0 ? [store.schedules.insert(endpointId, times(added))] : []),
    ...(changed.length > 0 ? [store.schedules.retime(endpointId, times(changed))] : []),
  ];
}

const isSameTime = (one: Schedule, other: Schedule): boolean =>
  one.cron === other.cron && one.zone === other.zone && (one.paused ?? false) === (other.paused ?? false);
