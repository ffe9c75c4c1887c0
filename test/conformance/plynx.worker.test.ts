import { env } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import type { Graph } from '../../src/plynx/document/graph.schema';
import type { Node } from '../../src/plynx/document/node.schema';
import { wordsOf } from '../../src/plynx/document/search-string.rules';
import { createStore } from '../../src/storage/store';
import lines from '../fixtures/plynx/recorded.jsonl?raw';
import { insertUser } from '../support/people';
import { askPlynx, basic, fileForm, graphWith } from '../support/plynx';
import { DIFFERENT, ONLY_READONLY, withoutPromised } from './plynx-differences';
import { createReplay, differences, mask, readRecording, type RecordedCall } from './plynx-masking';

/** All 242 recorded calls of PLynx 0.2.10, in their order, against the Worker. What differs stands in plynx-differences.ts. */

const CONTENTS: Record<string, Uint8Array<ArrayBuffer> | string> = {
  'upload.put_defaults': Uint8Array.of(0, 255, 1),
  'upload.json': '{"a": [1, 2]}',
};

/** Calls that PLynx refuses and Portico performs: on a graph of their own, or the later calls would find another state. */
const APART_ID = '5d0000000000000000001999';
const APART = ['graph.action_singular', 'graph.string_actions'];

function bodyOf({ req, case: name, method, path }: RecordedCall): unknown {
  if (APART.includes(name)) return JSON.parse(JSON.stringify(req).replaceAll('5d0000000000000000001000', APART_ID));
  if (method === 'GET' || (path !== '/upload_file' && path !== '/resource')) return req ?? undefined;
  const { form, files } = req as { form?: Record<string, string> | null; files?: string[] };
  if (files) return fileForm(CONTENTS[name] ?? 'a,b\n1,2\n', form ?? {}, files[0]);
  const plain = new FormData();
  for (const [field, value] of Object.entries(req as Record<string, string>)) plain.set(field, value);
  return plain;
}

/** The recording client polled until runs had ended, and recorded the last answer only. */
async function waitFor({ case: name, path }: RecordedCall): Promise<void> {
  const id = path.split('/')[2];
  if (/^graph\.(run\.success|cache\.restored|fail\.final|cancel\.final)$/.test(name)) await graphWith(id!);
  if (name !== 'master_state.busy') return;
  const busy = async () => (await graphWith('5d0000000000000000001013', ['RUNNING'])).graph.nodes[0]!;
  await vi.waitUntil(async () => (await busy()).node_running_status === 'RUNNING', { timeout: 60_000, interval: 100 });
}

/** Data of other users on the recorded server: the searches show it. */
async function leaveBehind(calls: RecordedCall[]): Promise<void> {
  const store = createStore(env);
  const owner = await insertUser('demo-DR5TPC');
  const found = (name: string) =>
    (
      calls.find((call) => call.case === name)!.resp as {
        items: (Record<string, unknown> & { _user: { username: string }[] })[];
      }
    ).items;
  const theirs = (name: string) =>
    found(name)
      .filter(({ _user }) => _user[0]?.username === owner.name)
      .reverse();
  const plain = ({ _user, _readonly, insertion_date, update_date, ...doc }: Record<string, unknown>) => doc;
  const about = (doc: Node | Graph, age: number) => ({
    id: doc._id,
    ownerId: owner.id,
    title: doc.title,
    description: doc.description,
    words: wordsOf(doc.title, doc.description),
    createdAt: owner.createdAt - age,
    updatedAt: owner.createdAt - age,
  });
  for (const [at, item] of theirs('search_nodes.empty').entries()) {
    const doc = plain(item) as unknown as Node;
    const row = { ...about(doc, 1000 - at), base: doc.base_node_name, status: doc.node_status, starred: false, doc };
    await store.nodes.save(row, 0).run();
  }
  for (const item of theirs('search_graphs.empty')) {
    const doc = plain(item) as unknown as Graph;
    await store.blobs.put('graphs/left', JSON.stringify(doc), owner.id);
    await store.graphs.save({ ...about(doc, 900), status: doc.graph_running_status, documentKey: 'graphs/left' }).run();
  }
}

it('answers as recorded', { timeout: 180_000 }, async () => {
  const calls = readRecording(lines);
  await leaveBehind(calls);
  const own = (await askPlynx('GET', '/token')).body!;
  const tokens: Record<string, unknown> = {
    'auth.access_token': own.access_token,
    'auth.refresh_token': own.refresh_token,
  };
  let demo = '';
  const authOf = (call: RecordedCall): string | undefined => {
    if (call.auth === 'none') return undefined;
    if (call.auth === '<token>:') return basic(String(tokens[call.case] ?? demo));
    const [name = '', password = ''] = call.auth.split(':');
    return basic(name, password);
  };
  const replay = createReplay();
  const found: Record<string, string[]> = {};
  for (const recorded of calls) {
    const call = replay.translate(recorded);
    await waitFor(call);
    const { method, path, params } = call;
    const answer = await askPlynx(method, path, { auth: authOf(call), body: bodyOf(call), params });
    if (APART.includes(call.case)) await env.DB.prepare('delete from graphs where id = ?').bind(APART_ID).run();
    if (call.case === 'demo.create') demo = String(answer.body!.access_token);
    const isJson = recorded.resp !== undefined;
    if (isJson) replay.learn(recorded.resp, answer.body);
    const given = isJson ? withoutPromised(path, method, recorded.resp, answer.body) : answer.text;
    const expected = mask({ status: recorded.status, body: isJson ? recorded.resp : recorded.resp_text });
    const different = differences(expected, mask({ status: answer.status, body: given }));
    if (different.length > 0) found[call.case] = [...(found[call.case] ?? []), ...different];
    if (recorded.status === 500) expect([200, 400, 404], call.case).toContain(answer.status);
  }
  const unforeseen = Object.entries(found).filter(([name]) => !DIFFERENT.has(name));
  expect(unforeseen).toEqual([]);
  expect(Object.keys(found).sort()).toEqual([...DIFFERENT.keys()].sort());
  for (const name of ONLY_READONLY)
    expect(found[name], name).toEqual(['$.body.data._readonly: expected true, got false']);
  expect(calls).toHaveLength(242);
});
