import { beforeAll, expect, test } from 'vitest';
import recorded from '../../fixtures/clients.jsonl?raw';
import { call, publish } from '../../support/publish';

/** A request as a client wrote it, but for headers that say nothing about its body. */
interface Recorded {
  case: string;
  method: string;
  target: string;
  headers: [string, string][];
  /** Base64. */
  body: string;
}
const RECORDED = recorded
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

/** Input of the handler by client: its parameters, files as name and size; or the message for the client. */
// oxfmt-ignore
const WANTED: Record<string, unknown> = {
  "requests json": {"name1": "A", "name2": "Zoë"},
  "requests json None": {},
  "requests GET with a JSON type": {},
  "requests DELETE with a JSON type": {},
  "requests data": {"name1": "A", "name2": "Zoë", "tags": ["a", "b"]},
  "requests data text": {"name1": "A"},
  "requests files": {"title": "T", "tags": ["a", "b"], "doc": [["naïve 日本.txt", 5], ["b.bin", 2]]},
  "requests files as fields": {"name1": "A", "name2": "B"},
  "requests files with a JSON part": {"meta": {"a": 1}, "doc": [["a.pdf", 5]]},
  "requests files under a JSON type": {"name1": "A"},
  "requests gzip": {"name1": "A"},
  "requests latin-1 body": {"caf": "é"},
  "requests UTF-16 JSON": {"name1": "A"},
  "requests params list": {"query": ["a", "b"]},
  "requests generator": {"name1": "A"},
  "axios object": {"name1": "A", "name2": "Zoë"},
  "axios GET with a JSON type": {},
  "axios GET with a JSON type and data": {},
  "axios DELETE with a JSON type": {},
  "axios POST without data": {},
  "axios POST null under a JSON type": {},
  "axios URLSearchParams": {"name1": "A"},
  "axios object as a form": {"deep[a]": "1", "name1": "A", "tags": ["x", "y"]},
  "axios postForm": {"name1": "A", "tags": ["x", "y"]},
  "axios postForm with indexes": {"tags": ["x", "y"]},
  "axios postForm without brackets": {"tags": ["x", "y"]},
  "httpie json": {"name1": "A", "name2": "B"},
  "httpie --json GET": {},
  "httpie form": {"name1": "A", "tags": ["a", "b"]},
  "httpie form with a file": {"name1": "A", "doc": [["b.bin", 10]]},
  "httpie multipart": {"name1": "A"},
  "httpie deflate": {"name1": "A"},
  "wget": {"name1": "A", "name2": "B"},
  "curl -F under a JSON type": {"name1": "A", "name2": "B"},
  "curl -F under a JSON type with a file": {"name1": "A", "doc": [["b.bin", 10]]},
  "curl -F": {"name1": "A", "name2": "Zoë"},
  "curl -F with files": {"title": "T", "doc": [["b.bin", 10], ["naïve 日本.txt", 5]]},
  "curl -F with an odd file name": {"doc": [["we\"ird;name.txt", 1]]},
  "curl -F with a JSON part": {"meta": {"a": 1}, "doc": [["a.json", 7]]},
  "curl -F without @": {"refused": [422, "invalid_parameters", "report must be a file, in a body of multipart/form-data"]},
  "curl -F text from a file in Latin-1": {"refused": [400, "invalid_body", "The field note is not UTF-8."]},
  "curl -F charset of a part": {"note": "café latin1"},
  "curl -F base64 encoder": {"doc": [["b.bin", 10]]},
  "curl -F multipart type without boundary": {"name1": "A"},
  "curl -F two files under one field": {"doc": [["b.bin", 10], ["a.json", 7]]},
  "curl -d": {"name1": "A", "name2": "B"},
  "curl -d JSON without a type": {"name1": "A", "name2": "B"},
  "curl -d form under a JSON type": {"name1": "A", "name2": "B"},
  "curl --json": {"name1": "A", "name2": "B"},
  "curl --data-urlencode": {"name1": "a&b=c d", "name2": "é"},
  "curl -d Latin-1": {"refused": [400, "invalid_body", "The body is not UTF-8."]},
  "curl GET with a JSON type": {},
  "curl DELETE with a JSON type": {},
  "curl POST without a body": {},
  "curl POST without a body under a JSON type": {},
  "curl -d empty under a JSON type": {},
  "curl gzip JSON": {"name1": "A", "name2": "Zoë"},
  "curl gzip form": {"a": "1"},
  "curl chunked": {"name1": "A"},
  "axios postForm with files": {"title": "T", "files": [["a.txt", 1], ["b.txt", 1]]},
  "axios params": {"query": ["x", "y"]},
  "axios params with indexes": {"query": ["x", "y"]},
  "axios multipart type by hand": {"name1": "A"},
  "qs body": {"tags": ["x", "y"], "n": 1},
  "undici FormData": {"title": "line1\r\nline2", "meta": {"a": 1}, "doc": [["naïve 日本.bin", 2]]},
  "undici text": {"name1": "A"},
  "undici FormData under multipart without boundary": {"title": "line1\r\nline2", "meta": {"a": 1}, "doc": [["naïve 日本.bin", 2]]},
  "undici GET with a JSON type": {},
  "got json": {"name1": "A"},
  "got form": {"name1": "A b"},
  "superagent attach": {"title": "T", "tags": ["a", "b"], "doc": [["b.bin", 2]]},
  "superagent GET with a JSON type": {},
  "chromium urlencoded form": {"name1": "A & é", "name2": "", "note": "a\r\nb", "tags": ["x", "y"], "on": true},
  "chromium multipart form with an empty file input": {"name1": "A & é", "name2": "", "note": "a\r\nb", "tags": ["x", "y"], "on": true},
  "chromium urlencoded form with a file input": {"refused": [422, "invalid_parameters", "doc must be a file, in a body of multipart/form-data"]},
  "chromium multipart form with files": {"name1": "A & é", "name2": "", "note": "a\r\nb", "tags": ["x", "y"], "on": true, "doc": [["na\"ïve 日本.txt", 3], ["b.bin", 4]]},
  "chromium text/plain form": {"refused": [415, "unsupported_media_type", "This endpoint takes application/json, application/x-www-form-urlencoded and multipart/form-data, not text/plain."]},
  "chromium windows-1252 form": {"refused": [400, "invalid_body", "The field name1 is not UTF-8."]},
  "chromium windows-1252 multipart form": {"refused": [400, "invalid_body", "The field name1 is not UTF-8."]},
  "chromium sendBeacon text": {"name1": "A", "name2": "Zoë"},
  "chromium fetch text": {"name1": "A"},
  "chromium fetch FormData with a JSON Blob": {"name1": "line1\r\nline2", "meta": {"a": 1}},
  "chromium fetch gzip": {"name1": "A"},
  "curl -F under a urlencoded type": {"name1": "A", "doc": [["b.txt", 5]]},
  "curl -F with a boundary of its user": {"name1": "A"},
  "curl -d under a multipart type": {"name1": "A", "name2": "B"},
  "curl -d JSON under a multipart type": {"name1": "A"},
  "curl --data-urlencode JSON": {"name1": "A b", "name2": "Zoë"},
  "curl -d JSON without quotes": {"refused": [400, "invalid_json", "The body is not JSON; line 1, column 2 (character 2) is unexpected."]},
  "curl -d JSON as cmd.exe passes it": {"refused": [400, "invalid_json", "The body is not JSON; line 1, column 1 (character 1) is unexpected."]},
  "curl -d a list without a type": {"refused": [422, "invalid_parameters", "The body must be a JSON object, with the parameters by name."]},
  "requests data under a multipart type": {"name1": "A"},
  "requests files under a multipart type": {"name1": "A"},
  "requests files under a urlencoded type": {"name1": "A", "doc": [["b.bin", 10]]},
  "chromium windows-1252 form that names its charset": {"_charset_": "windows-1252", "name1": "café €", "é": "x"},
  "chromium windows-1252 multipart form that names its charset": {"_charset_": "windows-1252", "name1": "café €", "é": "x"},
};

const SOURCE = `export default (params) => Object.fromEntries(Object.entries(params).map(([name, value]) =>
  [name, [value].flat().some((each) => each instanceof File) ? [value].flat().map((file) => [file.name, file.size]) : value]))`;

let path = '';
beforeAll(async () => {
  const { endpoint } = await publish(SOURCE, {
    methods: ['GET', 'POST', 'DELETE'],
    parameters: [
      { name: 'name1' },
      { name: 'name2' },
      { name: 'title' },
      { name: 'note' },
      { name: 'tags', type: 'array' },
      { name: 'query', sentAs: 'tags', in: 'query', type: 'array' },
      { name: 'meta', type: 'object' },
      { name: 'on', type: 'boolean' },
      { name: 'n', type: 'integer' },
      { name: 'doc', type: 'file' },
      { name: 'files', type: 'file' },
      { name: 'report', type: 'file' },
    ],
  });
  path = endpoint.path;
});

async function replay({ method, target, headers, body }: Recorded): Promise<unknown> {
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  const response = await call(target.replace('/u/x', `/u/${path}`), {
    method,
    headers: headers.filter(([name]) => !/^(content-length|transfer-encoding|expect)$/i.test(name)),
    ...(bytes.length > 0 && method !== 'GET' ? { body: bytes } : {}),
  });
  const answer = await response.json<Record<string, unknown>>();
  return response.status === 200 ? answer : { refused: [response.status, answer.code, answer.detail] };
}

test.each(RECORDED.map((each): [string, Recorded] => [each.case, each]))('%s', async (name, request) => {
  expect(await replay(request)).toEqual(WANTED[name]);
});

test('every recording is wanted for something, and nothing is wanted twice', () => {
  expect(RECORDED.map((each) => each.case).sort()).toEqual(Object.keys(WANTED).sort());
});
