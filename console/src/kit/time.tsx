import { relativeTime } from './time.rules';

/** A point in time: how long ago, with the whole date for those who point at it or listen. */
export function Time({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' })}>
      {relativeTime(date.getTime(), Date.now())}
    </time>
  );
}
