import { DurableObject } from 'cloudflare:workers';
import type { QuotaLease, QuotaLimits, QuotaPeriod } from '../kernel/quota';

/** Part of the calls left that one lease takes: leases become small as a quota runs out. */
const SHARE = 100;

/** Counts the calls of one key in days and months of UTC, in its own database: an eviction gives nothing back. */
export class QuotaCounter extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      'create table if not exists used (started_at integer, name text, calls integer, primary key (name))',
    );
  }

  /** Takes calls from what all of the limits leave, and counts them as used. Grants none when a limit is reached. */
  lease({ perDay, perMonth }: QuotaLimits, now = Date.now()): QuotaLease {
    const periods = [
      ...(perDay ? [this.#period('quota-day', perDay, ...dayOf(now))] : []),
      ...(perMonth ? [this.#period('quota-month', perMonth, ...monthOf(now))] : []),
    ];
    const left = Math.min(...periods.map((period) => period.left));
    const granted = left <= 0 ? 0 : Math.ceil(left / SHARE);
    for (const period of periods) {
      period.left -= granted;
      if (granted > 0) this.#add(period, granted);
    }
    return { granted, periods: periods.map((period) => ({ ...period, left: Math.max(0, period.left) })) };
  }

  #period(name: QuotaPeriod['name'], limit: number, startedAt: number, endsAt: number): QuotaPeriod {
    const [row] = this.ctx.storage.sql
      .exec<{ calls: number }>('select calls from used where name = ? and started_at = ?', name, startedAt)
      .toArray();
    return { name, limit, left: limit - (row?.calls ?? 0), startedAt, endsAt };
  }

  #add({ name, startedAt }: QuotaPeriod, calls: number): void {
    this.ctx.storage.sql.exec(
      `insert into used (name, started_at, calls) values (?, ?, ?) on conflict (name) do update set
       calls = iif(started_at = excluded.started_at, calls, 0) + excluded.calls, started_at = excluded.started_at`,
      name,
      startedAt,
      calls,
    );
  }
}

const DAY_MS = 86_400_000;

const dayOf = (now: number): [number, number] => [now - (now % DAY_MS), now - (now % DAY_MS) + DAY_MS];

function monthOf(now: number): [number, number] {
  const date = new Date(now);
  const at = (months: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  return [at(0), at(1)];
}
