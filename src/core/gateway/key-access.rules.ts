import type { DefinitionRow } from '../../storage/definitions';
import { compileRanges } from '../../kernel/address-range.rules';
import { ApiError } from '../../kernel/errors';
import type { KeyQuota } from '../identity/keys/key.schema';

/** A key that an endpoint accepts, compiled for the calls of that endpoint. Times in Unix milliseconds. */
export interface KeyState {
  alias: string;
  roles: string[];
  version: number;
  /** Time until which the value before this version works; null: there is none. */
  previousUntil: number | null;
  active: boolean;
  expiresAt: number | null;
  /** True when the scopes of the key include the endpoint. */
  opens: boolean;
  /** Methods in its scopes; null: all. */
  methods: ReadonlySet<string> | null;
  /** Checks the address of a call; null: any may use it. */
  isFrom: ((address: string) => boolean) | null;
  quota: KeyQuota;
  /** Last noted use of the value, and of the one before. */
  lastUsedAt: number | null;
  previousUsedAt: number | null;
}

type KeyOfDefinition = DefinitionRow['keys'][number];

export function compileKey(key: KeyOfDefinition, endpoint: { path: string; folder: string }): KeyState {
  const { id: _id, scopes, addresses, ...state } = key;
  const { endpoints = [], folders = [], methods = [] } = scopes;
  return {
    ...state,
    opens:
      (endpoints.length === 0 && folders.length === 0) ||
      endpoints.some((pattern) => matches(pattern, endpoint.path)) ||
      folders.some((pattern) => matches(pattern, endpoint.folder)),
    methods: methods.length === 0 ? null : new Set(methods),
    isFrom: compileRanges(addresses),
  };
}

/** `orders/*` is everything below `orders`, itself included. */
const matches = (pattern: string, text: string): boolean =>
  pattern.endsWith('/*') ? `${text}/`.startsWith(pattern.slice(0, -1)) : pattern === text;

/** Checks whether a key is active and not expired. */
export const isUsable = (key: Pick<KeyState, 'active' | 'expiresAt'>, now: number): boolean =>
  key.active && (key.expiresAt === null || now < key.expiresAt);

/** Checks whether a version of the value of a key works: the current one, or the one before it during its grace. */
export const isCurrent = (
  { version, previousUntil }: Pick<KeyState, 'version' | 'previousUntil'>,
  owned: number,
  now: number,
): boolean => owned === version || (owned === version - 1 && previousUntil !== null && now < previousUntil);

/** Checks whether the state of a key allows calls with a version of its value. */
export const accepts = (state: KeyState, version: number, now: number): boolean =>
  isCurrent(state, version, now) && isUsable(state, now);

/** Throws 403 `key_scope` for a call that the scopes of a key leave out, and `address_not_allowed` for one from elsewhere. */
export function assertKeyMay({ opens, methods, isFrom }: KeyState, method: string, address: string): void {
  if (!opens) throw keyOutOfScope();
  assertKeyMethod(methods, method);
  if (isFrom !== null && !isFrom(address)) throw addressNotAllowed('This API key');
}

/** Throws 403 `key_scope` for a method that the scopes of a key leave out. */
export function assertKeyMethod(methods: KeyState['methods'], method: string): void {
  if (methods !== null && !methods.has(method))
    throw new ApiError('key_scope', `The scopes of this API key do not include ${method}.`);
}

/** 403 for a key whose scopes leave the endpoint out. */
export const keyOutOfScope = (): ApiError =>
  new ApiError('key_scope', 'The scopes of this API key do not include this endpoint.');

/** 403 for a call from an address that the endpoint, or the key, does not list. */
export const addressNotAllowed = (what: string): ApiError =>
  new ApiError('address_not_allowed', `${what} does not accept calls from your address.`);
