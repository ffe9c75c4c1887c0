/**
 * Measures the look-up of the endpoint of a call in the memory of an isolate, in ns. Run:
 * `npx esbuild bench/router.ts --bundle --format=esm | node --input-type=module`.
 */
import { compileRoutes, matchRoute, routeFor, type Router } from '../src/core/gateway/router.rules';
import type { RouteRow } from '../src/storage/routes';

const ROUNDS = 7;
const CALLS = 1_000_000;

const row = (path: string, options: Partial<RouteRow> = {}): RouteRow => ({
  id: path,
  path,
  methods: ['GET'],
  subpaths: false,
  active: true,
  revision: 1,
  ...options,
});

/** Routers of `roots` first segments with `each` endpoints: literal, named, with subpaths. */
function build(roots: number, each: number): Map<string, Router> {
  const of = (root: string): RouteRow[] =>
    each === 1
      ? [row(root)]
      : Array.from(
          { length: each },
          (_, n) =>
            [row(`${root}/l${n}`), row(`${root}/l${n}/:id`), row(`${root}/:id/s${n}`, { subpaths: true })][n % 3]!,
        );
  return new Map(Array.from({ length: roots }, (_, n) => [`root${n}`, compileRoutes(of(`root${n}`))]));
}

function measure(routers: Map<string, Router>, targets: readonly string[]): string {
  const times: number[] = [];
  let found = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (let n = 0; n < CALLS; n++) {
      const target = targets[n % targets.length]!;
      const slash = target.indexOf('/');
      const router = routers.get(slash === -1 ? target : target.slice(0, slash))!;
      const match = matchRoute(router, target);
      if (match !== null && routeFor(match.table, 'GET') !== undefined) found++;
    }
    times.push(Number(process.hrtime.bigint() - start) / CALLS);
  }
  times.sort((a, b) => a - b);
  return `median ${times[ROUNDS >> 1]!.toFixed(0)} ns, best ${times[0]!.toFixed(0)} ns, found ${found / ROUNDS}`;
}

for (const [roots, each] of [
  [1000, 1],
  [100, 10],
  [50, 200],
] as const) {
  const routers = build(roots, each);
  const one = (n: number): string[] =>
    each === 1
      ? [`root${n}`]
      : [`root${n}/l0`, `root${n}/l1/42`, `root${n}/abc/s2`, `root${n}/abc/s2/more/parts`, `root${n}/l1/x/none`];
  const targets = Array.from({ length: roots }, (_, n) => one(n)).flat();
  console.log(`${roots} first segments of ${each} endpoints: ${measure(routers, targets)}`);
}
