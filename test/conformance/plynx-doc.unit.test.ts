import { expect, test } from 'vitest';
import page from '../../docs/compat/plynx.md?raw';
import lines from '../fixtures/plynx/recorded.jsonl?raw';
import { DIFFERENT } from './plynx-differences';
import { readRecording } from './plynx-masking';

test('the page lists the differences that the conformance test expects, and counts them right', () => {
  const table = page.slice(page.indexOf('## What differs'), page.indexOf('Beside these'));
  const listed = new Set(
    [
      ...table.matchAll(
        /`((?:node|upload|resources?(?:_plural)?|search_nodes|graphs?|gnodes|master_state)(?:\.[\w.-]+)?)`/g,
      ),
    ].map(([, name]) => name!),
  );
  expect([...listed].toSorted()).toEqual([...DIFFERENT.keys()].toSorted());
  const calls = readRecording(lines);
  const different = calls.filter((call) => DIFFERENT.has(call.case)).length;
  expect(page).toContain(`${calls.length - different} are answered as recorded. ${different} differ`);
});
