import { readFileSync } from 'node:fs';
import type { Target } from '../load/types.ts';

/** The function that floors and handlers share: they differ only in the way to it. */
export const TABLE_SOURCE = readFileSync(new URL('../floors/table.js', import.meta.url), 'utf8');

const BODY = JSON.stringify({ name1: 'Ada', name2: 'Grace' });

/** Two required names, to have validation. */
export const PARAMETERS = [
  { name: 'name1', type: 'text', required: true, maxLength: 100, test: 'Ada' },
  { name: 'name2', type: 'text', required: true, maxLength: 100, test: 'Grace' },
];

/** POST of the two names as JSON. Floors get the same headers as Portico. */
export const post = (url: string, key: string, status = 200): Target => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': key },
  body: BODY,
  status,
});
