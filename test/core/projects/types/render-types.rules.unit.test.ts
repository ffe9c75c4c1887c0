import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { renderTypes, type NormalObject } from '../../../../src/core/projects/types/render-types.rules.ts';

const OBJECTS: NormalObject[] = [
  {
    kind: 'endpoint',
    identity: 'POST orders',
    document: {
      parameters: [
        { name: 'email', required: true },
        { name: 'amount', type: 'number', default: 1 },
        { name: 'currency', type: 'enum', values: ['EUR', 'USD'], required: true },
        { name: 'note-text' },
      ],
    },
  },
  {
    kind: 'table',
    identity: 'public.orders',
    document: {
      columns: [
        { name: 'price', type: 'number', required: true },
        { name: 'email', type: 'email' },
        { name: 'paid', type: 'boolean', required: true, default: false },
      ],
    },
  },
  { kind: 'secret', identity: 'STRIPE_KEY', document: {} },
  { kind: 'endpoint', identity: 'POST count', document: { instance: 'shared' } },
];

const folder = mkdtempSync(join(tmpdir(), 'portico-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the lines of a source in which the compiler finds an error. */
function errorLines(source: string): number[] {
  writeFileSync(join(folder, 'portico.d.ts'), renderTypes(OBJECTS));
  writeFileSync(join(folder, 'handler.ts'), source);
  const options = {
    target: 'es2024',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2024', 'dom'],
    types: [],
    strict: true,
    noEmit: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  const { stdout } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', folder],
    { encoding: 'utf8' },
  );
  return [...new Set([...stdout.matchAll(/handler\.ts\((\d+),/g)].map(([, line]) => Number(line)))];
}

test('the types accept right uses, and refuse eight wrong ones', () => {
  const head = `type Params = Portico.Parameters['POST orders'];
export default async function (params: Params, ctx: Portico.Context<'POST orders'>) {
  const [first] = await ctx.tables.orders.find({ where: { email: params.email }, order: ['-price'] });
  await ctx.tables.orders.insert({ price: params.amount, email: null });
  const note: string | null = params['note-text'];
  const key: string = ctx.env.STRIPE_KEY; ctx.waitUntil(Promise.resolve(key + ctx.run.id));
`;
  const wrong = `  params.emial;
  params.currency === 'GBP';
  params['note-text'].length;
  ctx.tables.order;
  ctx.env.STRIPE;
  await ctx.tables.orders.insert({ email: 'a' });
  await ctx.tables.orders.find({ order: ['-prize'] });
  first!.paid.toFixed();
`;
  expect(errorLines(`${head}${wrong}  return note;\n}\n`)).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
});

test('the context of a shared endpoint alone has a storage', () => {
  const source = `export function shared({ due, missed, attempt }: Portico.Caller, { storage }: Portico.Context<'POST count'>) {
  const before = storage.kv.get<number>('calls') ?? 0;
  storage.transactionSync(() => storage.kv.put('calls', before + 1));
  return [before, due, missed, attempt, ...storage.sql.exec<{ n: number }>('select ? as n', before).toArray()];
}
export const pooled = ({ storage }: Portico.Context<'POST orders'>) =>
  storage.kv;
export const either = ({ storage }: Portico.Context) =>
  storage.kv;
`;
  expect(errorLines(source)).toEqual([7, 9]);
});

test('equal objects give equal text in any order', () => {
  expect(renderTypes(OBJECTS.toReversed())).toBe(renderTypes(OBJECTS));
});
