import type { JWTPayload } from 'jose';
import { isObject } from '../../../kernel/json.rules';

/** Returns a claim by its name, which may have dots, or by its path. */
export const claimAt = (payload: JWTPayload, claim: string): unknown =>
  Object.hasOwn(payload, claim)
    ? payload[claim]
    : claim
        .split('.')
        .reduce<unknown>(
          (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
          payload,
        );
