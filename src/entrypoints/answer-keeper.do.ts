import { DurableObject } from 'cloudflare:workers';
import { isUndone, KEEP_ANSWERS_MS, type Claim, type FirstCall, type KeptAnswer } from '../kernel/kept-answer';

interface Kept extends Omit<FirstCall, 'undone'> {
  claimedAt: number;
  answer: KeptAnswer | null;
  /** Absent until there is an answer. */
  settledAt?: number;
}

/** Keeps one call and its answer for a day: calls that claim it at the same time come one after the other. */
export class AnswerKeeper extends DurableObject {
  /** A call whose answer, or a part of its work, a restore has undone counts as none. */
  async claim({ undone, ...call }: FirstCall, now = Date.now()): Promise<Claim> {
    const kept = await this.#read(now);
    if (kept !== null && !timesOf(kept).some((time) => isUndone(time, undone))) {
      const { runId, answer } = kept;
      if (kept.print !== call.print) return { kind: 'different', runId, answer: null };
      if (answer !== null) return { kind: 'answered', runId, answer };
      if (now < kept.until) return { kind: 'running', runId, answer };
    }
    await Promise.all([
      this.ctx.storage.put<Kept>('call', { ...call, claimedAt: now, answer: null }),
      this.ctx.storage.setAlarm(now + KEEP_ANSWERS_MS),
    ]);
    return { kind: 'first', runId: call.runId, answer: null };
  }

  /** Does nothing for a call that was given up: another one runs, or has answered. */
  async settle(runId: string, answer: KeptAnswer | null, now = Date.now()): Promise<void> {
    const kept = await this.#read(now);
    if (kept?.runId !== runId) return;
    if (answer === null) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.put<Kept>('call', { ...kept, answer, settledAt: now });
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  async #read(now: number): Promise<Kept | null> {
    const kept = await this.ctx.storage.get<Kept>('call');
    return kept === undefined || now - kept.claimedAt >= KEEP_ANSWERS_MS ? null : kept;
  }
}

/** The times at which a call with an answer began and ended; none of one without, which still runs or is lost. */
const timesOf = ({ answer, claimedAt, settledAt }: Kept): number[] =>
  answer === null ? [] : [claimedAt, settledAt ?? claimedAt];
