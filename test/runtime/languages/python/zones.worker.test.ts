import { beforeAll, expect, test } from 'vitest';
import { named, open, startPython } from './isolate';

let ask: (body: string) => Promise<unknown>;
beforeAll(async () => {
  const isolate = await startPython(`import datetime, zoneinfo
from datetime import timedelta
from zoneinfo import ZoneInfo
def f(body):
    scope = {**globals(), "at": lambda *when, tz, fold=0: datetime.datetime(*when, tzinfo=ZoneInfo(tz), fold=fold)}
    return eval(body, scope)
result = f`);
  ask = async (body) => JSON.parse(open(await isolate.call(named({ body }))).body) as unknown;
});

/** Zone, local time, and what it is in UTC, its name and its daylight saving in seconds; as CPython with the machine's zones has it. */
test.each([
  ['Europe/Brussels', '2026, 7, 1, 12', '2026-07-01T10:00:00+00:00', 'CEST', 3600],
  ['Europe/Brussels', '2026, 1, 1, 12', '2026-01-01T11:00:00+00:00', 'CET', 0],
  ['Europe/Brussels', '1892, 5, 1, 0, 17, 30', '1892-05-01T00:17:30+00:00', 'WET', 0],
  ['Europe/Brussels', '2100, 7, 1, 12', '2100-07-01T10:00:00+00:00', 'CEST', 3600],
  ['America/New_York', '2026, 3, 8, 3', '2026-03-08T07:00:00+00:00', 'EDT', 3600],
  ['America/New_York', '2026, 3, 8, 1, 59', '2026-03-08T06:59:00+00:00', 'EST', 0],
  ['US/Pacific', '2026, 12, 1', '2026-12-01T08:00:00+00:00', 'PST', 0],
  ['Asia/Kathmandu', '2026, 1, 1', '2025-12-31T18:15:00+00:00', '+0545', 0],
  ['Australia/Lord_Howe', '2026, 1, 1', '2025-12-31T13:00:00+00:00', '+11', 1800],
  ['Europe/Dublin', '2026, 1, 1', '2026-01-01T00:00:00+00:00', 'GMT', -3600],
  ['Etc/GMT+5', '2026, 1, 1', '2026-01-01T05:00:00+00:00', '-05', 0],
  ['UTC', '2026, 1, 1', '2026-01-01T00:00:00+00:00', 'UTC', 0],
])('%s at %s is %s', async (zone, when, utc, name, saving) => {
  const body = `(t := at(${when}, tz="${zone}")).astimezone(datetime.UTC).isoformat(), t.tzname(), t.dst().total_seconds()`;
  expect(await ask(body)).toEqual([utc, name, saving]);
});

test('arithmetic over a change of the clock, hours that come twice and hours that never come', async () => {
  const body = `[
    (at(2026, 3, 28, 12, tz="Europe/Brussels") + timedelta(days=1)).isoformat(),
    (at(2026, 3, 28, 12, tz="Europe/Brussels").astimezone(datetime.UTC) + timedelta(days=1)).astimezone(ZoneInfo("Europe/Brussels")).isoformat(),
    at(2026, 10, 25, 2, 30, tz="Europe/Brussels").isoformat(),
    at(2026, 10, 25, 2, 30, tz="Europe/Brussels", fold=1).isoformat(),
    at(2026, 3, 29, 2, 30, tz="Europe/Brussels").astimezone(datetime.UTC).isoformat(),
    (at(2026, 3, 29, 12, tz="Europe/Brussels") - at(2026, 3, 28, 12, tz="America/New_York")).total_seconds(),
  ]`;
  expect(await ask(body)).toEqual([
    '2026-03-29T12:00:00+02:00',
    '2026-03-29T13:00:00+02:00',
    '2026-10-25T02:30:00+02:00',
    '2026-10-25T02:30:00+01:00',
    '2026-03-29T01:30:00+00:00',
    64_800,
  ]);
});

test('all zones are there and can be read', async () => {
  const body = `(names := zoneinfo.available_timezones()) and [len(names), [name for name in names if ZoneInfo(name).utcoffset(datetime.datetime(2026, 1, 1)) is None],
    sorted({"Europe/Brussels", "Asia/Calcutta", "EST5EDT", "Factory", "Zulu"} - names)]`;
  const [count, unreadable, missing] = (await ask(body)) as [number, string[], string[]];
  expect(count).toBeGreaterThan(590);
  expect([unreadable, missing]).toEqual([[], []]);
});

test('an unknown zone is a KeyError with the message of CPython', async () => {
  const isolate = await startPython('import zoneinfo\ndef f(key): return str(zoneinfo.ZoneInfo(key))\nresult = f');
  for (const key of ['Europe/Nowhere', 'Nowhere/City', 'Europe', 'zones', '']) {
    const { error } = open(await isolate.call(named({ key }))).head;
    expect([key, error?.message]).toEqual([
      key,
      expect.stringMatching(/^['"]?(No time zone found with key|ZoneInfo keys must be)/),
    ]);
    expect(error?.message).not.toMatch(/pyodide/i);
  }
  expect(open(await isolate.call(named({ key: '../etc' }))).head.error?.name).toBe('ValueError');
});

test('the package tzdata has its release', async () => {
  const isolate = await startPython('def f():\n  import tzdata\n  return tzdata.IANA_VERSION\nresult = f');
  expect(open(await isolate.call(named())).body).toMatch(/^20\d\d[a-z]$/);
});
