import { describe, expect, it } from 'vitest';
import lines from '../fixtures/plynx/recorded.jsonl?raw';
import { createReplay, differences, mask, readRecording } from './plynx-masking';

const OID = '6b02f1043d1665588f87c5e7';
const OTHER = '6b02f1043d1665588f87c5e8';
const UUID = '6d6a0ad8-e67a-11f1-808d-02fc00000001';

it('reads the whole recording', () => {
  const calls = readRecording(lines);
  expect(calls).toHaveLength(242);
  expect(calls.filter((call) => (call.resp === undefined) === (call.resp_text === undefined))).toEqual([]);
});

describe('mask', () => {
  it.each([
    [OID, '<oid>'],
    ['5d0000000000000000000001', '5d0000000000000000000001'],
    [`Node(_id=\`${OID}\`) saved`, 'Node(_id=`<oid>`) saved'],
    [UUID, '<uuid>'],
    [`cat <tmp>/${UUID}/i_0_in`, 'cat <tmp>/<uuid>/i_0_in'],
    [`cat /tmp/job/${UUID}/i_0_in`, 'cat <tmp>/<uuid>/i_0_in'],
    ['2026-11-22 13:41:26.076000', '<date>'],
    ['2026-11-22 13:41:26', '<date>'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLXRleHQ', '<token>'],
    ['demo-NTVT4J', '<demo>'],
    [`http://localhost:3001/graphs/${OID}`, '<host>/graphs/<oid>'],
    ['a,b\n1,2\n', 'a,b\n1,2\n'],
    [7, 7],
    [null, null],
  ])('%j is %j', (value, masked) => expect(mask(value)).toEqual(masked));

  it('masks values inside lists and objects, and keeps keys', () => {
    expect(mask({ a: [{ _id: OID }], [OID]: 1, resources_dict: { file: {} } })).toEqual({
      a: [{ _id: '<oid>' }],
      [OID]: 1,
      resources_dict: '<resources_dict>',
    });
  });
});

describe('differences', () => {
  it.each<[unknown, unknown, string[]]>([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    [{ a: { x: 142 } }, { a: { x: 140 } }, ['$.a.x: expected 142, got 140']],
    [{ a: 1 }, { b: 1 }, ['$.a: expected 1, got nothing', '$.b: expected nothing, got 1']],
    [
      [1, 2, 3],
      [1, 5],
      ['$: expected 3 items, got 2', '$[1]: expected 2, got 5'],
    ],
    [null, {}, ['$: expected null, got {}']],
    [[], {}, ['$: expected [], got {}']],
    ['1', 1, ['$: expected "1", got 1']],
  ])('%j and %j', (expected, actual, found) => expect(differences(expected, actual)).toEqual(found));
});

describe('a replay', () => {
  it('puts learned ids into later calls, at any depth', () => {
    const replay = createReplay();
    replay.learn(
      { node: { _id: OID, title: 'a' }, resource_id: UUID },
      { node: { _id: OTHER }, resource_id: 'f'.repeat(8) + UUID.slice(8) },
    );
    expect(replay.translate({ path: `/nodes/${OID}/x`, req: [UUID] })).toEqual({
      path: `/nodes/${OTHER}/x`,
      req: ['f'.repeat(8) + UUID.slice(8)],
    });
  });
  it('keeps what it learned first, and learns nothing from lists of another length', () => {
    const replay = createReplay();
    replay.learn([OID], [OTHER]);
    replay.learn([OID], ['a'.repeat(24)]);
    replay.learn([OTHER], [OID, OID]);
    expect(replay.translate([OID, OTHER])).toEqual([OTHER, OTHER]);
  });
});
