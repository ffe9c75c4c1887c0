import { afterEach, expect } from 'vitest';
import { meterBindings } from './bindings';
import { meterCalls } from './calls';
import { meterEntrypoints } from './entrypoints';
import { takeBeyond } from './ledger';

/*
 * Limits that Cloudflare publishes and a local workerd does not enforce. A setup file of all tests in workerd: what the Worker or one of its
 * Durable Objects hands to a binding, an isolate or an object, and what one invocation spends, is held to them, and a test with something
 * beyond them fails. `spend` returns what was counted.
 */
await meterBindings();
meterCalls();
meterEntrypoints();
afterEach(() => expect(takeBeyond()).toEqual([]));
