import { expect, test } from 'vitest';
import {
  NEW_PROVIDER,
  toBody,
  toValues,
  whoMayComeIn,
} from '../../../console/src/features/provider/provider-form.rules';
import { PutProviderInput } from '../../../src/core/identity/providers/provider.schema.ts';

const SETTINGS = {
  label: 'Acme',
  issuer: 'https://login.acme.example',
  clientId: '0oa1',
  scopes: ['openid', 'groups'],
  groupsClaim: 'realm_access.roles',
  roles: { 'ou=Platform, all': 'admin', Shop: 'developer' },
  admit: { everyone: false, groups: ['ou=Platform, all', 'Shop'], domains: ['acme.example'] },
  sessionHours: 8,
  active: false,
};

test('a form sends the settings of a provider as they were read', () => {
  const values = toValues({ ...SETTINGS, revision: 3 });
  expect(PutProviderInput.parse(toBody(values, ''))).toEqual(SETTINGS);
  expect(toBody(values, 'typed').clientSecret).toBe('typed');
  expect(toBody(values, null).clientSecret).toBeNull();
});

test('a new provider admits no one until a choice is made', () => {
  const given = { ...toValues(NEW_PROVIDER), label: 'Acme', issuer: SETTINGS.issuer, clientId: '0oa1' };
  const issuesOf = (more: object) => PutProviderInput.safeParse(toBody({ ...given, ...more }, '')).error?.issues ?? [];
  expect(issuesOf({}).map(({ path }) => path)).toEqual([['admit']]);
  expect(issuesOf({ everyone: true })).toEqual([]);
  expect(issuesOf({ everyone: true, sessionHours: 'x', roles: 'Platform' }).map(({ path }) => path)).toEqual([
    ['roles', 'Platform'],
    ['sessionHours'],
  ]);
});

test('whoMayComeIn names groups and domains', () => {
  expect(whoMayComeIn(SETTINGS.admit)).toBe('ou=Platform, all, Shop, @acme.example');
  expect(whoMayComeIn({ ...SETTINGS.admit, everyone: true })).toBe('everyone of this issuer');
});
