import { describe, expect, test } from 'vitest';
import { parseJsonc } from '../../../../packages/cli/src/project/jsonc.ts';
import type { FolderObject } from '../../../../packages/cli/src/project/read-folder.ts';
import { refusedIssues, toFileIssues } from '../../../../packages/cli/src/push/step-issues.ts';
import { Refused } from '../../../../packages/cli/src/service/client.ts';

const handler = (identity: string): FolderObject => ({
  kind: 'handler',
  identity,
  sha256: '',
  file: `handlers/${identity}`,
  base: [],
});
const parsed = parseJsonc('a.endpoint.jsonc', '{\n  "path": "a",\n  "egress": []\n}');
if ('fileIssues' in parsed) throw new Error('the test has a fault');
const endpoint: FolderObject = {
  kind: 'endpoint',
  identity: 'POST a',
  sha256: '',
  file: 'a.endpoint.jsonc',
  base: [],
  jsonc: parsed.read,
};
const OBJECTS = [handler('shop/total.ts'), handler('w.workflow.json'), endpoint];
const refuse = (...issues: { pointer: string; message: string; line?: number; column?: number }[]) =>
  refusedIssues(
    OBJECTS,
    new Refused(
      422,
      'invalid_source',
      'refused',
      issues.map((issue) => ({ code: 'x', ...issue })),
    ),
  );

describe('refusedIssues', () => {
  test('places issues of sources by line and column, in the file that they name', () => {
    expect(
      refuse(
        { pointer: '#/handler shop~1total.ts/source', message: 'line 2, column 7: invalid syntax' },
        { pointer: '#/handler shop~1total.ts/files', message: 'lib/tax.ts:3:1: no such module' },
        { pointer: '#/handler w.workflow.json/source/steps/0/do', message: 'unknown action', line: 4, column: 5 },
        { pointer: '#/handler w.workflow.json/source', message: 'exports nothing' },
      ),
    ).toEqual([
      { file: 'handlers/shop/total.ts', line: 2, column: 7, message: 'invalid syntax' },
      { file: 'lib/tax.ts', line: 3, column: 1, message: 'no such module' },
      { file: 'handlers/w.workflow.json', line: 4, column: 5, message: 'unknown action' },
      { file: 'handlers/w.workflow.json', line: 1, column: 1, message: 'exports nothing' },
    ]);
  });

  test('is null where an issue is of nothing in the folder, and without issues', () => {
    const known = { pointer: '#/endpoint POST a/egress', message: 'is refused' };
    expect(refuse(known)).toEqual([{ file: 'a.endpoint.jsonc', line: 3, column: 13, message: 'egress is refused' }]);
    expect(refuse(known, { pointer: '#/objects/0', message: 'is refused' })).toBeNull();
    expect(refuse()).toBeNull();
  });
});

test('toFileIssues places a warning of a handler and of an endpoint', () => {
  const warnings = [
    {
      kind: 'handler',
      identity: 'shop/total.ts',
      issues: [{ pointer: '#/source', code: 'x', message: 'line 1, column 9: a' }],
    },
    { kind: 'endpoint', identity: 'POST a', issues: [{ pointer: '#/egress', code: 'x', message: 'b' }] },
    { kind: 'role', identity: 'gone', issues: [{ pointer: '#', code: 'x', message: 'c' }] },
  ];
  expect(toFileIssues(OBJECTS, warnings)).toEqual([
    { file: 'handlers/shop/total.ts', line: 1, column: 9, message: 'a' },
    { file: 'a.endpoint.jsonc', line: 3, column: 13, message: 'egress b' },
  ]);
});
