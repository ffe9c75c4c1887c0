import { expect, test } from 'vitest';
import { packDocuments } from '../../../../packages/cli/src/push/pack-documents.ts';
import type { FolderObject } from '../../../../packages/cli/src/project/read-folder.ts';

const role = (identity: string): FolderObject => ({
  kind: 'role',
  identity,
  sha256: '',
  document: { description: 'ä'.repeat(20) },
  file: 'roles.jsonc',
  base: [],
});
const OBJECTS = ['a', 'b', 'c', 'd'].map(role);
const LABELS = new Set(['role a', 'role b', 'role d']);
/** Bytes of one document and its comma. */
const ONE = 60;

test('packDocuments makes no upload of documents that a plan holds', () => {
  expect(packDocuments(OBJECTS, LABELS, { inline: 3 * ONE, upload: ONE })).toEqual([]);
});

test('packDocuments puts the needed documents into as few uploads as their bytes allow', () => {
  const packs = packDocuments(OBJECTS, LABELS, { inline: 0, upload: 2 * ONE + 2 });
  expect(packs.map(({ labels }) => [...labels])).toEqual([['role a', 'role b'], ['role d']]);
  expect(packs.map(({ text }) => (JSON.parse(text) as object[]).length)).toEqual([2, 1]);
  expect(packs.every(({ text }) => Buffer.byteLength(text) <= 2 * ONE + 2)).toBe(true);
});

test('packDocuments refuses more uploads than a plan takes', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map(role);
  const labels = new Set(many.map(({ identity }) => `role ${identity}`));
  expect(() => packDocuments(many, labels, { inline: 0, upload: ONE })).toThrow('Push a part of the files first');
});
