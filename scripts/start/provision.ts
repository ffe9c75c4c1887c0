import { AdminError, bootstrap, signIn, type AdminClient } from '../admin-client.ts';
import {
  bindKey,
  callShown,
  publishMissing,
  readExamples,
  renewKey,
  type ExampleAnswer,
  type ExampleKey,
} from './examples.ts';
import { readNotes, writeNotes } from './notes.ts';
import type { LocalSecrets } from './secrets.ts';

/** The contents of a started service. */
export interface Provisioned {
  /** null when its value is lost and could not be renewed. */
  key: ExampleKey | null;
  /** null: the example was not called. */
  answer: ExampleAnswer | null;
  /** Changes by this start, a sentence each. Empty on a second start. */
  news: string[];
}

/**
 * Ensures that a running service has its admin and its examples, and calls one of them.
 *
 * Leaves a service that has them unchanged, except for the record of that call: a deleted example stays deleted, and no session is opened.
 * When the key of the examples is no longer accepted, or the notes of its value are gone, it gets a new value.
 */
export async function provision(
  origin: string,
  secrets: LocalSecrets['values'],
  notesFile: string,
): Promise<Provisioned> {
  const known = readNotes(notesFile)?.exampleKey ?? null;
  const answer = known && (await callShown(origin, known.value));
  if (answer && ![401, 403, 404].includes(answer.status)) return { key: known, answer, news: [] };
  const isNew = await bootstrap(origin, secrets.BOOTSTRAP_TOKEN, secrets.LOCAL_ADMIN_PASSWORD);
  if (answer?.status === 404 && !isNew) return { key: known, answer, news: [] };
  const news = isNew ? ['Created the user admin.'] : [];
  let client: AdminClient;
  try {
    client = await signIn(origin, secrets.LOCAL_ADMIN_PASSWORD);
  } catch (error) {
    if (!(error instanceof AdminError && error.code === 'invalid_credentials')) throw error;
    return { key: null, answer: null, news: [LOCKED] };
  }
  const key = await renewKey(client);
  const examples = readExamples();
  const isFirst = isNew || known === null;
  const published = isFirst ? await publishMissing(client, examples, key.id) : [];
  await bindKey(client, examples, key.id);
  await client.delete('/admin/session');
  if (published.length > 0) news.push(`Published: ${published.join(', ')}.`);
  if (!isNew) news.push('The examples have a new key. An earlier one is no longer valid.');
  writeNotes(notesFile, { exampleKey: key });
  return { key, answer: await callShown(origin, key.value), news };
}

const LOCKED =
  'The examples have no valid key, and none was created: LOCAL_ADMIN_PASSWORD is not the password of the user admin.';
