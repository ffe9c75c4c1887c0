import { appendFileSync, existsSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupWriter, openBackup } from '../../../scripts/backup/folder.ts';
import { createProgress } from '../../../scripts/backup/progress.ts';
import { RestoreMark } from '../../../scripts/backup/restore-mark.ts';
import type { Piece } from '../../../scripts/backup/service.ts';

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portico-'));
  folder = join(home, 'backup');
});
afterEach(() => rmSync(home, { recursive: true }));

const manifest = { id: 'bak_1', at: '2026-11-26T00:00:00.000Z', origin: 'https://a.example.com', parts: [] };
const begun = { url: manifest.origin, manifest, bookmarks: null };
const piece = (n: number): Piece => ({ part: `DB/t${n}`, bytes: new TextEncoder().encode(`{"next":null,"n":${n}}`) });

async function written(): Promise<string[]> {
  const parts: string[] = [];
  for await (const { part } of (await openBackup(folder)).pieces()) parts.push(part);
  return parts;
}

test('a writer goes on after the last whole piece of an unfinished folder', async () => {
  expect(BackupWriter.resume(folder)).toBeNull();
  const first = BackupWriter.begin(folder, begun);
  for (const n of [1, 2, 3]) first.add(piece(n));
  // A machine that stops in the middle of a piece, and of its line.
  truncateSync(`${folder}.partial/pieces/000003.gz`, 5);
  appendFileSync(`${folder}.partial/pieces.ndjson`, '{"part":"DB/t4","fi');
  const second = BackupWriter.resume(folder)!;
  expect([second.begun, second.pieces, second.last()!.part]).toEqual([begun, 2, 'DB/t2']);
  second.add(piece(5));
  second.close();
  expect(await written()).toEqual(['DB/t1', 'DB/t2', 'DB/t5']);
  expect(existsSync(`${folder}.partial`)).toBe(false);
});

test('a folder that is begun replaces an unfinished one', async () => {
  BackupWriter.begin(folder, begun).add(piece(1));
  const writer = BackupWriter.begin(folder, begun);
  writer.add(piece(2));
  writer.close();
  expect(await written()).toEqual(['DB/t2']);
});

test('a restore has its mark for one service', () => {
  const mark = new RestoreMark(home, 'https://a.example.com');
  expect(mark.read()).toBeNull();
  mark.write('rst_1', 7);
  expect(mark.read()).toEqual({ origin: 'https://a.example.com', id: 'rst_1', pieces: 7 });
  expect(new RestoreMark(home, 'https://b.example.com').read()).toBeNull();
  mark.remove();
  expect(mark.read()).toBeNull();
});

test('progress is said every ten seconds', () => {
  const said: string[] = [];
  let now = 0;
  const progress = createProgress(
    (text) => said.push(text),
    () => now,
  );
  for (now = 0; now < 25_000; now += 4000) progress(`DATA/t${now}`, 2e6);
  expect(said).toEqual(['  4 pieces, 8 MB: DATA/t12000', '  7 pieces, 14 MB: DATA/t24000']);
});
