import { createHmac } from 'node:crypto';
import type { Settings } from '../context';
import { Fault } from '../errors';
import type { Caller } from './access.rules';

/** For whom a workflow's step calls another handler: handed to the isolate with a call, and handed back with the step's wish. */
export interface Ticket {
  run: string;
  endpointId: string;
  /** Unix milliseconds after which it is worth nothing. */
  expiresAt: number;
  depth: number;
  /** `https://host` of the call: what links begin with. */
  origin: string;
  caller: Caller;
}

/** How long after its call a ticket is good: as long as work after the answer may go on. */
export const TICKET_MS = 60_000;

/** `<base64 JSON>.<mac>`: signed, because code in the isolate could otherwise speak for any caller, and count its depth from zero. */
export function signTicket(settings: Pick<Settings, 'keyPepper'>, ticket: Ticket): string {
  const text = toBase64(JSON.stringify(ticket));
  return `${text}.${mac(settings, text)}`;
}

/** Reads a ticket for an isolate of this endpoint. 403 `forbidden` for everything that is not one. */
export function readTicket(
  settings: Pick<Settings, 'keyPepper'>,
  text: unknown,
  endpointId: string,
  now: number,
): Ticket {
  const [body = '', signature = ''] = typeof text === 'string' ? text.split('.') : [];
  if (settings.keyPepper === null || body === '' || mac(settings, body) !== signature) throw refused();
  const ticket = JSON.parse(fromBase64(body)) as Ticket;
  if (ticket.endpointId !== endpointId || ticket.expiresAt < now) throw refused();
  return ticket;
}

const refused = (): Fault => new Fault('forbidden', 'Only a step of a running workflow may call another handler.');

const mac = (settings: Pick<Settings, 'keyPepper'>, text: string): string =>
  createHmac('sha256', settings.keyPepper ?? '')
    .update(`ticket ${text}`)
    .digest('hex')
    .slice(0, 32);

/** Names of callers may hold any character; btoa takes bytes. */
const toBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const fromBase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
