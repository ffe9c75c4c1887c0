import { expect, it } from 'vitest';
import { askPlynx, basic, fileForm, graphWith, type PlynxAnswer } from '../support/plynx';
import { createUser, USER_PASSWORD } from '../support/sign-in';
import lines from '../fixtures/plynx/recorded.jsonl?raw';
import { createReplay, differences, mask, readRecording, type RecordedCall } from './plynx-masking';

/**
 * All recorded calls of PLynx 0.2.10, in their order, against the Worker. Every difference stands in docs/compat/plynx.md.
 */
const DIFFERENT = new Map<string, string>();

const CONTENTS: Record<string, Uint8Array<ArrayBuffer> | string> = {
  'upload.put_defaults': Uint8Array.of(0, 255, 1),
  'upload.json': '{"a": [1, 2]}',
};

function bodyOf(call: RecordedCall): unknown {
  const { req, case: name } = call;
  if (!call.path.startsWith('/upload_file') && call.path !== '/resource') return req ?? undefined;
  if (call.method === 'GET') return undefined;
  const { form, files } = req as { form?: Record<string, string> | null; files?: string[] };
  if (files) return fileForm(CONTENTS[name] ?? 'a,b\n1,2\n', form ?? {}, files[0]);
  const plain = new FormData();
  for (const [field, value] of Object.entries(req as Record<string, string>)) plain.set(field, value);
  return plain;
}

/** What a call needs to have happened: the recording client waited as well. */
async function waitFor(call: RecordedCall): Promise<void> {
  const id = call.path.split('/')[2];
  if (/^graph\.(run\.success|cache\.restored|fail\.final|cancel\.final)$/.test(call.case)) await graphWith(id!);
  if (call.case === 'master_state.busy') await graphWith('5d0000000000000000001013', ['RUNNING']);
}

const shown = (status: number, answer: { text: string; body: unknown }, isJson: boolean) =>
  mask({ status, body: isJson ? answer.body : answer.text });

it('answers as recorded', { timeout: 180_000 }, async () => {
  await createUser('bob', ['developer']);
  const tokens = async (auth: string) => (await askPlynx('GET', '/token', { auth })).body!;
  const bob = String((await tokens(basic('bob', USER_PASSWORD))).access_token);
  const own = await tokens(basic('default'));
  const authOf = (call: RecordedCall): string | undefined => {
    if (call.auth === 'none') return undefined;
    if (call.case === 'auth.access_token') return basic(String(own.access_token));
    if (call.case === 'auth.refresh_token') return basic(String(own.refresh_token));
    if (call.auth === '<token>:') return basic(bob);
    const [name = '', password = ''] = call.auth.split(':');
    return basic(name, password);
  };
  const replay = createReplay();
  const found: Record<string, string[]> = {};
  const calls = readRecording(lines);
  for (const recorded of calls) {
    const call = replay.translate(recorded);
    await waitFor(call);
    const answer: PlynxAnswer = await askPlynx(call.method, call.path, {
      auth: authOf(call),
      body: bodyOf(call),
      params: call.params,
    });
    const isJson = recorded.resp !== undefined;
    if (isJson) replay.learn(recorded.resp, answer.body);
    const different = differences(
      mask({ status: recorded.status, body: isJson ? recorded.resp : recorded.resp_text }),
      shown(answer.status, answer, isJson),
    );
    if (different.length > 0) found[recorded.case] = [...(found[recorded.case] ?? []), ...different];
  }
  console.log(Object.entries(found).map(([n, d]) => `${n}\n    ${d.slice(0, 6).map((x) => x.slice(0, 300)).join('\n    ')}`).join('\n'));
  expect(Object.keys(found).sort()).toEqual([...DIFFERENT.keys()].sort());
});
