import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import { adminWire } from '../../../src/http/admin/wire';
import { instabaseRoutes } from '../../../src/http/instabase/endpoints.routes';
import { instabaseWire } from '../../../src/http/instabase/wire';
import { mountRoutes, type AppEnv } from '../../../src/http/wire/wire';
import { plynxRoutes } from '../../../src/plynx/http/plynx.routes';
import { plynxWire } from '../../../src/plynx/http/wire';

const app = () => new Hono<AppEnv>();

test('a route without a policy stops the app from starting, on every wire', () => {
  const undeclared = { policy: undefined as unknown as 'public' };
  expect(() => mountRoutes(app(), adminWire, [{ ...adminRoutes[0]!, ...undeclared }])).toThrow(/declares no policy/);
  expect(() => mountRoutes(app(), instabaseWire, [{ ...instabaseRoutes[0]!, ...undeclared }])).toThrow(/no policy/);
  expect(() => mountRoutes(app(), plynxWire, [{ ...plynxRoutes[0]!, ...undeclared }])).toThrow(/declares no policy/);
});

test('a route without a summary keeps a documented wire from starting', () => {
  expect(() => mountRoutes(app(), adminWire, [{ ...adminRoutes[0]!, summary: '' }])).toThrow(/declares no summary/);
  expect(() => mountRoutes(app(), instabaseWire, [{ ...instabaseRoutes[0]!, summary: '' }])).toThrow(/no summary/);
  expect(() => mountRoutes(app(), plynxWire, [plynxRoutes[0]!])).not.toThrow();
});

test('an id that two routes share keeps the Worker from starting', () => {
  expect(() => mountRoutes(app(), adminWire, [adminRoutes[0]!, adminRoutes[0]!])).toThrow(/the id of another route/);
});
