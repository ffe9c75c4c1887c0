import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wayOf } from '../../../../packages/cli/src/commands/pull.ts';
import { takeChanges } from '../../../../packages/cli/src/pull/take-changes.ts';
import { digestOf, normalOf } from '../../../../src/core/projects/documents/documents';
import type { Normal } from '../../../../src/core/projects/documents/normal.rules';
import type { Trio } from '../../../../src/core/projects/plan/align';
import { movesBase, toStep, type PushStep } from '../../../../src/core/projects/plan/to-step';

/*
 * Two people with a folder each and a third in the console change one endpoint in any order, and push and pull as the command does: a push
 * of a folder that is behind is refused, and no conflict is overridden.
 */

const IDENTITY = 'POST a';
const LABEL = `endpoint ${IDENTITY}`;
const FIELDS = ['title', 'description', 'folder'] as const;
type Field = (typeof FIELDS)[number];
type Who = 'ada' | 'bo';

interface Folder {
  text: string;
  seen: number;
  /** Values that were in this folder at some time: its owner knows them. */
  known: Set<unknown>;
}

class World {
  document: Normal = normalOf('endpoint', { path: 'a', handler: 'a.js' });
  base: Trio['base'] = null;
  at = 1;
  generation = 0;
  values = 0;
  folders: Record<Who, Folder>;

  constructor() {
    const text = JSON.stringify(this.document);
    this.folders = { ada: { text, seen: 0, known: new Set() }, bo: { text, seen: 0, known: new Set() } };
    this.push('ada');
    this.pull('bo');
  }

  plan(who: Who): PushStep | null {
    const ours = this.read(who);
    const pushed = { ...NOTHING, ours, sha256: digestOf(ours) };
    const found = { kind: 'endpoint', identity: IDENTITY, id: 'ep_1', at: this.at, normal: () => this.document };
    return toStep(
      { kind: 'endpoint', identity: IDENTITY, base: this.base, found, pushed, isAmbiguous: false } as unknown as Trio,
      OPTIONS,
    );
  }

  read(who: Who): Normal {
    return JSON.parse(this.folders[who].text) as Normal;
  }

  edit(who: Who | 'console', field: Field): void {
    const value = `${who} ${++this.values}`;
    if (who === 'console') {
      this.document = { ...this.document, [field]: value };
      this.at += 1;
      return;
    }
    const folder = this.folders[who];
    folder.known.add(value);
    folder.text = JSON.stringify({ ...this.read(who), [field]: value });
  }

  push(who: Who): void {
    const folder = this.folders[who];
    if (this.generation > folder.seen) return;
    const step = this.plan(who);
    if (step === null || !['create', 'change', 'merge', 'adopt'].includes(step.action)) return;
    const before = this.document;
    if (step.action !== 'adopt') {
      this.document = step.target!;
      this.at += 1;
    }
    if (step.action !== 'adopt' || movesBase(step)) folder.seen = this.generation += 1;
    const { sha256, ours } = step.pushed!;
    const at = step.action === 'merge' ? null : this.at;
    this.base = { project: 'p', kind: 'endpoint', identity: IDENTITY, objectId: 'ep_1', sha256, document: ours!, at };
    for (const field of FIELDS)
      if (before[field] !== undefined && before[field] !== this.document[field])
        expect(folder.known, `${who} replaced ${String(before[field])} in ${field}`).toContain(before[field]);
  }

  /** `theirs`: the person takes the side of the service where both changed. */
  pull(who: Who, theirs = false): void {
    const folder = this.folders[who];
    const step = this.plan(who);
    const isBehind = this.generation > folder.seen;
    const way = step === null ? 'none' : wayOf(step, isBehind, theirs);
    if (way === 'beside') return;
    if (way === 'whole') folder.text = takeChanges(folder.text, [], 'local', this.read(who), this.document);
    if (way === 'take') {
      const before = this.read(who);
      folder.text = takeChanges(folder.text, [], 'local', this.base!.document, this.document);
      for (const field of FIELDS)
        if (before[field] !== this.base!.document[field])
          expect(this.read(who)[field], `a pull of ${who} replaced what was not pushed`).toBe(before[field]);
    }
    folder.seen = this.generation;
    for (const field of FIELDS) folder.known.add(this.read(who)[field]);
  }
}

const NOTHING = {
  kind: 'endpoint',
  identity: IDENTITY,
  isNeeded: false,
  was: null,
  formerNames: {},
  issues: [],
  built: null,
};
const OPTIONS = { prune: false, over: [], adopt: [LABEL], restore: [] };

const people = fc.constantFrom<Who>('ada', 'bo');
const action = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    who: fc.constantFrom<Who | 'console'>('ada', 'bo', 'console'),
    field: fc.constantFrom(...FIELDS),
  }),
  fc.record({ kind: fc.constant('push' as const), who: people }),
  fc.record({ kind: fc.constant('pull' as const), who: people }),
  fc.record({ kind: fc.constant('theirs' as const), who: people }),
);

test('no push and no pull replaces what its owner has not seen, in any order of changes', () => {
  let pushes = 0;
  fc.assert(
    fc.property(fc.array(action, { maxLength: 24 }), (actions) => {
      const world = new World();
      for (const one of actions) {
        if (one.kind === 'edit') world.edit(one.who, one.field);
        else if (one.kind === 'theirs') world.pull(one.who, true);
        else world[one.kind](one.who);
      }
      pushes += world.generation;
    }),
    { numRuns: 1000 },
  );
  // Most orders must have pushes that are made, or nothing was tried.
  expect(pushes).toBeGreaterThan(500);
});
