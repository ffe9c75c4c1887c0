import { DurableObject } from 'cloudflare:workers';
import type { RunArchivePage } from '../core/runs/run-archive';
import type { RunStatsQuery } from '../core/runs/run-log';
import type { FoldedDay } from '../storage/run-log/hour-rows.rules';
import { readIndex, writeIndex } from '../storage/run-log/archive';
import { IndexStore, type KnownPlace } from '../storage/run-log/index-store';
import { dayOf, toName, type RunPlace } from '../storage/run-log/place.rules';
import { DAY_MS } from '../kernel/clock';

/** Live tails of one person or token. */
const MAX_TAILS = 5;

/** The one index of the run log. An object of a day enters itself before it stores its first run. */
export class RunIndex extends DurableObject<Env> {
  readonly #store: IndexStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new IndexStore(ctx.storage);
  }

  /** Enters an object. Returns whether it is to publish what it stores. */
  enter(place: RunPlace): boolean {
    this.#store.enter(place);
    return this.#openSockets().length > 0;
  }

  beginLeave(place: RunPlace): void {
    this.#store.beginLeave(place);
  }

  leave(place: RunPlace): void {
    this.#store.leave(place);
  }

  measure(place: RunPlace, bytes: number): void {
    this.#store.measure(place, bytes);
  }

  beginFold(place: RunPlace): void {
    this.#store.beginFold(place);
  }

  fold(place: RunPlace, folded: FoldedDay): void {
    this.#store.fold(place, folded);
  }

  forgetHours(before: number): void {
    this.#store.forgetHours(before);
  }

  /** Returns tallies, and the other objects to ask, as JSON text, which crosses faster than thousands of objects. */
  stats(query: RunStatsQuery): string {
    return JSON.stringify(this.#store.stats(query));
  }

  places(from: string, to: string): KnownPlace[] {
    return this.#store.places(from, to);
  }

  /** Lists the objects that may store runs without entering again. */
  openPlaces(): KnownPlace[] {
    return this.#store.openPlaces(dayOf(Date.now() - DAY_MS));
  }

  note(ids: readonly string[], place: RunPlace): void {
    this.#store.note(ids, place);
  }

  placeOf(id: string): Omit<RunPlace, 'part'> | null {
    return this.#store.placeOf(id);
  }

  readPage(after: number): RunArchivePage {
    return readIndex(this.ctx.storage.sql, after);
  }

  writePage(page: RunArchivePage): void {
    this.ctx.storage.transactionSync(() => writeIndex(this.ctx.storage.sql, page));
  }

  /** Opens the WebSocket of a listener, or answers 429. The object may sleep while it is open. */
  override async fetch(request: Request): Promise<Response> {
    const listener = request.headers.get('x-listener')!;
    if (this.#openSockets(listener).length >= MAX_TAILS) return new Response(null, { status: 429 });
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    this.ctx.acceptWebSocket(server, [listener]);
    try {
      await Promise.all(this.openPlaces().map((place) => this.env.RUN_DAY.getByName(toName(place)).publishAll()));
    } catch (error) {
      server.close();
      throw error;
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Sends a batch to all listeners. Returns whether there are any. */
  publish(arrival: Uint8Array): boolean {
    const sockets = this.#openSockets();
    for (const socket of sockets) socket.send(arrival);
    return sockets.length > 0;
  }

  /** Returns sockets that take messages. One that this object has closed is among those of the platform until its client has closed it. */
  #openSockets(listener?: string): WebSocket[] {
    return this.ctx.getWebSockets(listener).filter(({ readyState }) => readyState === WebSocket.OPEN);
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }
}
