import { beforeAll, expect, test } from 'vitest';
import { named, open, type Isolate } from './isolate';
import { startWithService } from './service';

/** Evaluates an expression; a TableError is its code, pointers and message. `t` is a table whose line is down: asking it is an answer of its own. */
const SCRIPT = `
import collections, dataclasses, datetime, decimal, enum, uuid
import tables
t = tables.broken
nan, inf = float("nan"), float("inf")
cycle = []
cycle.append(cycle)
deep = []
for _ in range(100): deep = [deep]
wide = "x" * 10_000
for _ in range(60): wide = [wide, wide]
Point = collections.namedtuple("Point", "x y")
class Color(enum.Enum): RED = 1
class Level(enum.IntEnum): HIGH = 3
class Array:
    def tolist(self): return [1]
class Plain: pass
@dataclasses.dataclass
class Row:
    name: str
    at: object = None
async def later(): return 1
def f(give):
    try: return eval(give)
    except tables.TableError as e: return [e.code, [x["pointer"] for x in e.errors], str(e)]
result = f
`;
let isolate: Isolate;
beforeAll(async () => {
  isolate = await startWithService(SCRIPT);
});
const evaluate = async (give: string): Promise<unknown> => {
  const { head, body } = open(await isolate.call(named({ give })));
  return head.error ? `${head.error.name}: ${head.error.message}` : (JSON.parse(body) as unknown);
};

const finite = 'write a finite number, or None for no value';
test.each<[string, string, string]>([
  ['t.delete_many({"price": nan})', '#/where/price', `delete_many: where['price'] is nan; ${finite}`],
  [
    't.delete_many({"price": {"gte": inf}})',
    '#/where/price/gte',
    `delete_many: where['price']['gte'] is inf; ${finite}`,
  ],
  [
    't.delete_many([{"field": "n", "value": {1}}])',
    '#/where/0/value',
    "delete_many: where[0]['value'] is a set; write list(x)",
  ],
  ['t.delete_many(lambda row: True)', '#/where', 'delete_many: where is a function; write the value that you mean'],
  ['t.update_many({"n": 1}, None)', '#/changes', 'update_many: changes is None; give a dict of columns'],
  [
    't.update_many({"n": 1}, {"a": b"x"})',
    '#/changes/a',
    "update_many: changes['a'] is a bytes; write a str, such as base64.b64encode(x).decode()",
  ],
  ['t.count({"n": {1: 2}})', '#/where/n/1', "count: where['n'][1] has a name that is not a str (int); write str(x)"],
  ['t.count(iter([]))', '#/where', 'count: where is a list_iterator; write list(x)'],
  ['t.list(where={"a": later})', '#/where/a', "list: where['a'] is a function; write the value that you mean"],
  [
    't.list(columns=["a", 1j])',
    '#/columns/1',
    'list: columns[1] is a complex; write a str, a number, a list or a dict, such as vars(x)',
  ],
  ['t.list(limit=-1)', '#/limit', 'list: limit must be a whole number from 0, or None for all rows'],
  ['t.all(limit=nan)', '#/limit', 'list: limit must be a whole number from 0, or None for all rows'],
  ['t.list(limit="5")', '#/limit', 'list: limit must be a whole number from 0, or None for all rows'],
  ['t.list(limit=True)', '#/limit', 'list: limit must be a whole number from 0, or None for all rows'],
  ['t.get(None)', '#/id', 'get: id is None; give the id of a row'],
  ['t.delete(None)', '#/id', 'delete: id is None; give the id of a row'],
  ['t.update(None, {})', '#/id', 'update: id is None; give the id of a row'],
  ['t.update(1, None)', '#/changes', 'update: changes is None; give a dict of columns'],
  ['t.insert(None)', '#/rows', 'insert: rows is None; give a dict of columns or a list of them'],
  ['t.insert({"price": nan})', '#/rows/0/price', `insert: rows[0]['price'] is nan; ${finite}`],
  [
    't.insert({"price": decimal.Decimal("9.50")})',
    '#/rows/0/price',
    "insert: rows[0]['price'] is a Decimal; write float(x) or str(x)",
  ],
  [
    't.insert([{}, {"meta": {"ids": [2**70]}}])',
    '#/rows/1/meta/ids/0',
    "insert: rows[1]['meta']['ids'][0] is an integer beyond 2**53 - 1; write str(x) for its digits, or float(x) for the nearest number",
  ],
  ['t.insert({"a": Array()})', '#/rows/0/a', "insert: rows[0]['a'] is an Array; write x.tolist()"],
  [
    't.insert({"a": Plain()})',
    '#/rows/0/a',
    "insert: rows[0]['a'] is a Plain; write a str, a number, a list or a dict, such as vars(x)",
  ],
  ['t.insert({"a": Plain})', '#/rows/0/a', "insert: rows[0]['a'] is the class Plain; write the value that you mean"],
  ['t.insert({"a": Color.RED})', '#/rows/0/a', "insert: rows[0]['a'] is a Color; write x.value"],
  ['t.insert({"a": Point(1, 2)})', '#/rows/0/a', "insert: rows[0]['a'] is a Point; write x._asdict()"],
  ['t.insert({"a": {}.keys()})', '#/rows/0/a', "insert: rows[0]['a'] is a dict_keys; write list(x)"],
  [
    't.insert({"a": ...})',
    '#/rows/0/a',
    "insert: rows[0]['a'] is an ellipsis; write a str, a number, a list or a dict, such as vars(x)",
  ],
  ['t.insert({"a": "\\ud83d"})', '#/rows/0/a', "insert: rows[0]['a'] has a lone surrogate; write well-formed text"],
  ['t.insert(Row("x", {1}))', '#/rows/0/at', "insert: rows[0]['at'] is a set; write list(x)"],
])('refused before anything is sent: %s', async (give, pointer, message) => {
  expect(await evaluate(give)).toEqual(['invalid_input', [pointer], `broken.${message}.`]);
});

test.each([['cycle'], ['deep']])('what has no end or is too deep: %s', async (value) => {
  expect(await evaluate(`t.insert({"a": ${value}})`)).toEqual([
    'invalid_input',
    [expect.stringMatching(/^#\/rows\/0\/a\/0/)],
    expect.stringContaining('nests deeper than 64 levels, or contains itself'),
  ]);
});
test('work is bounded for a value that contains another many times', async () => {
  expect(await evaluate('t.insert({"a": wide})')).toEqual([
    'invalid_input',
    ['#/rows'],
    'broken.insert: rows has more than 15000000 characters as JSON; send it in parts.',
  ]);
}, 60_000);

test('values with a JSON form arrive: times as ISO text, tuples as lists, other numeric types as numbers', async () => {
  const values =
    '{"at": datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC), "day": datetime.date(2026, 1, 31), ' +
    '"id": uuid.UUID(int=1), "in": (1, True, None), "level": Level.HIGH, "far": 2**53 - 1, "dict": collections.OrderedDict(a=1.5)}';
  expect(await evaluate(`tables.people.insert([${values}])`)).toEqual([
    {
      id: '00000000-0000-0000-0000-000000000001',
      at: '2026-01-31T12:00:00+00:00',
      day: '2026-01-31',
      in: [1, true, null],
      level: 3,
      far: 9007199254740991,
      dict: { a: 1.5 },
    },
  ]);
  expect(await evaluate('tables.people.insert(Row("x", datetime.date(2026, 1, 31)))')).toMatchObject({
    name: 'x',
    at: '2026-01-31',
  });
  expect(await evaluate('tables.people.insert({"name": n} for n in "ab")')).toMatchObject([
    { name: 'a' },
    { name: 'b' },
  ]);
  expect(await evaluate('tables.people.list(where={"name": None}, order=None)')).toEqual([]);
});
