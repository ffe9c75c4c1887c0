import { describe, expect, test } from 'vitest';
import { objectsOf } from '../../../../packages/cli/src/export/choose-objects.ts';
import {
  parseExport,
  renderExport,
  toObjects,
  type ExportContent,
} from '../../../../packages/cli/src/export/export-file.ts';
import { sha256Hex } from '../../../../src/kernel/signed';

const SOURCE = 'export default () => 1\n';
const CONTENT: ExportContent = {
  format: 'portico-export-1',
  origin: 'https://api.example.com',
  exportedAt: '2026-11-26T00:00:00.000Z',
  folder: null,
  objects: [{ kind: 'handler', identity: 'a.js', sha256: sha256Hex(SOURCE) }],
  texts: { [sha256Hex(SOURCE)]: SOURCE },
};

describe('an export', () => {
  test('is read as it was written', () => {
    const read = parseExport(renderExport(CONTENT));
    expect(read).toEqual(CONTENT);
    expect(toObjects(read)).toMatchObject([{ kind: 'handler', identity: 'a.js', source: SOURCE }]);
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, -10), 'not JSON'],
    ['changed', (text: string) => text.replace('() => 1', '() => 2'), 'checksum does not match'],
    ['of another kind', () => '{"name":"x"}', 'not an export'],
    ['of a later version', (text: string) => text.replace('portico-export-1', 'portico-export-2'), 'later version'],
  ])('that is %s is refused', (_how, change, message) => {
    expect(() => parseExport(change(renderExport(CONTENT)))).toThrow(message);
  });

  test('whose texts are not those of its objects is refused', () => {
    const [hash] = Object.keys(CONTENT.texts);
    expect(() => toObjects({ ...CONTENT, texts: {} })).toThrow(`lacks the text ${hash}`);
    expect(() => toObjects({ ...CONTENT, texts: { [hash!]: 'other' } })).toThrow('lacks the text');
  });
});

test('an export of a folder has its endpoints, those below it, and what they name', () => {
  const endpoint = (identity: string, document: object) => ({ kind: 'endpoint', identity, document: { ...document } });
  const objects = [
    { kind: 'role', identity: 'buyer' },
    { kind: 'role', identity: 'clerk' },
    { kind: 'role', identity: 'guest' },
    { kind: 'secret', identity: 'TOKEN', document: { roles: ['clerk'] } },
    { kind: 'secret', identity: 'OTHER' },
    { kind: 'key', identity: 'till' },
    { kind: 'handler', identity: 'a.js' },
    { kind: 'handler', identity: 'guard.workflow.json' },
    { kind: 'handler', identity: 'sorry.js' },
    { kind: 'handler', identity: 'stamp.js' },
    { kind: 'handler', identity: 'b.js' },
    endpoint('GET a', {
      handler: 'a.js',
      response: { after: ['stamp.js'] },
      onError: 'sorry.js',
      folder: 'shop',
      secrets: ['TOKEN'],
      access: {
        keys: ['till'],
        roles: { names: ['buyer'] },
        issuers: [{ name: 'auth0', roles: { claim: 'roles', map: { Guest: 'guest' } } }],
        middleware: [{ handler: 'guard.workflow.json' }],
      },
    }),
    endpoint('GET b', { handler: 'a.js', folder: 'shop/back' }),
    endpoint('GET c', { handler: 'b.js', folder: 'shopping', secrets: ['OTHER'] }),
  ];
  expect(objectsOf(objects, 'shop').map(({ kind, identity }) => `${kind} ${identity}`)).toEqual([
    'role buyer',
    'role clerk',
    'role guest',
    'secret TOKEN',
    'key till',
    'handler a.js',
    'handler guard.workflow.json',
    'handler sorry.js',
    'handler stamp.js',
    'endpoint GET a',
    'endpoint GET b',
  ]);
});
