import { describe, expect, it } from 'vitest';
import { newGraph, nodeUrl } from '../../../src/plynx/document/graph.schema';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import {
  MAX_PER_PAGE,
  readActions,
  readCredentials,
  readFlag,
  readLink,
  readObject,
  readPlace,
  readSearch,
} from '../../../src/plynx/http/requests';
import {
  RESOURCES_DICT,
  toDate,
  toGraphActions,
  toNodeInvalid,
  toNodePreview,
  toNodeSaved,
  toStoredResource,
  toAuthor,
} from '../../../src/plynx/http/forms';

const ID = '5d0000000000000000000001';
const ORIGIN = 'https://x';
const DATES = { insertedAt: new Date('2026-11-22T13:41:26.076Z'), updatedAt: new Date('2026-11-22T13:41:27.000Z') };
const ERROR = {
  target: 'NODE',
  object: ID,
  code: 'IN_DEPENDENTS',
  children: [{ target: 'INPUT', object: 'in', code: 'DANGLING_LINK', children: [] }],
} as const;
const TREE = {
  target: 'NODE',
  object_id: ID,
  validation_code: 'IN_DEPENDENTS',
  children: [{ target: 'INPUT', object_id: 'in', validation_code: 'DANGLING_LINK', children: [] }],
};
const error = { ...ERROR, children: ERROR.children.map((child) => ({ ...child, children: [] })) };

describe('answers', () => {
  it('dates are Python’s', () => {
    expect(toDate(DATES.insertedAt)).toBe('2026-11-22 13:41:26.076000');
    expect(toDate(DATES.updatedAt)).toBe('2026-11-22 13:41:27');
  });
  it('a stored document has its dates, the second one last', () => {
    expect(Object.keys(toStoredResource(newGraph(ID), DATES))).toEqual([
      '_id',
      'insertion_date',
      'title',
      'description',
      'graph_running_status',
      'author',
      'nodes',
      'update_date',
    ]);
  });
  it('a user has no more than this', () => {
    expect(toAuthor({ id: ID, username: 'default', active: true, ...DATES })).toEqual({
      _id: ID,
      insertion_date: '2026-11-22 13:41:26.076000',
      username: 'default',
      active: true,
      update_date: '2026-11-22 13:41:27',
    });
  });
  it('file types carry their own name', () => {
    expect(RESOURCES_DICT.csv).toEqual({ name: 'csv', alias: 'CSV file', icon: 'plynx.csv', color: '' });
  });
  it('has the fields of PLynx for actions on a graph', () => {
    const graph = newGraph('5d0000000000000000000002');
    expect(
      toGraphActions(
        {
          postedId: ID,
          graph,
          error: undefined,
          warnings: ['look here'],
          extras: { newGraphId: graph._id, upgraded: 0, code: '' },
        },
        ORIGIN,
      ),
    ).toEqual({
      status: 'SUCCESS',
      message: `Actions completed with Graph(_id=\`${ID}\`)`,
      graph,
      url: `https://x/graphs/${graph._id}`,
      code: '',
      upgraded_nodes_count: 0,
      new_graph_id: graph._id,
      warnings: ['look here'],
    });
    expect(toGraphActions({ postedId: ID, graph, error, extras: {}, warnings: [] }, ORIGIN)).toEqual({
      status: 'VALIDATION_FAILED',
      message: 'Graph validation failed',
      graph,
      url: `https://x/graphs/${graph._id}`,
      validation_error: TREE,
    });
  });
  it('has the fields of PLynx for actions on a node', () => {
    const node = newNode('python', ID);
    const saved = {
      status: 'SUCCESS',
      message: `Node(_id=\`${ID}\`) successfully updated`,
      node,
      url: `https://x/nodes/${ID}`,
    };
    expect(toNodeSaved(node, ORIGIN)).toEqual(saved);
    expect(toNodeSaved(node, ORIGIN, ['look here'])).toEqual({ ...saved, warnings: ['look here'] });
    expect(toNodePreview(node, 'text', ORIGIN)).toEqual({
      ...saved,
      message: 'Successfully created preview',
      preview_text: 'text',
    });
    expect(toNodeInvalid(node, error, ORIGIN)).toEqual({
      ...saved,
      status: 'VALIDATION_FAILED',
      message: 'Node validation failed',
      validation_error: TREE,
    });
  });
  it('a node of a graph has a place to be shown', () =>
    expect(nodeUrl(ORIGIN, 'g', 'n')).toBe('https://x/graphs/g?nid=n'));
});

describe('credentials', () => {
  const DEFAULT = { username: 'default', password: '' };
  it.each<[string | null, { username: string; password: string }]>([
    [null, DEFAULT],
    ['Bearer abc', DEFAULT],
    ['Basic', DEFAULT],
    ['Basic !!!', DEFAULT],
    [`Basic ${btoa('no colon')}`, DEFAULT],
    [`Basic ${btoa('\xff:\xff')}`, DEFAULT],
    [`Basic ${btoa('default:')}`, DEFAULT],
    [`basic ${btoa('bob:a:b')}`, { username: 'bob', password: 'a:b' }],
    [`Basic ${btoa('to.ke.n:')}`, { username: 'to.ke.n', password: '' }],
  ])('%j', (header, credentials) => expect(readCredentials(header)).toEqual(credentials));
});

describe('bodies', () => {
  it.each([
    ['', 'refused'],
    ['{', 'refused'],
    ['[]', 'refused'],
    ['null', 'refused'],
    ['{}', 'parsed'],
  ])('%j is an object: %s', (text, kind) => {
    expect(readObject(text).kind).toBe(kind);
  });

  it.each<[Record<string, unknown>, unknown]>([
    [{ actions: ['SAVE'] }, ['SAVE']],
    [{ action: ['SAVE'] }, ['SAVE']],
    [{ actions: 'SAVE' }, ['SAVE']],
    [{ action: 'SAVE' }, ['SAVE']],
    [{ actions: [] }, []],
    [{}, '`actions` is missing'],
    [{ actions: null }, '`actions` is missing'],
    [{ actions: [1] }, '`actions` must be names of actions'],
  ])('actions in %j', (body, expected) => {
    const read = readActions(body);
    expect(read.kind === 'parsed' ? read.value : read.message).toEqual(expected);
  });

  const search = { perPage: 20, offset: 0, search: '', statuses: [], baseNodeNames: [] };
  it.each<[Record<string, unknown>, unknown]>([
    [{}, search],
    [
      { per_page: '3', offset: 2.9, search: 'a', status: 'READY', base_node_names: ['file'] },
      { perPage: 3, offset: 2, search: 'a', statuses: ['READY'], baseNodeNames: ['file'] },
    ],
    [{ per_page: 1e6 }, { ...search, perPage: MAX_PER_PAGE }],
    [{ per_page: 0 }, { ...search, perPage: 0 }],
    [{ foo: 1, per_page: 1 }, "Unknown keys: `{'foo'}`"],
    [{ per_page: 'x' }, "invalid literal for per_page: 'x'"],
    [{ per_page: -1 }, 'invalid literal for per_page: -1'],
    [{ offset: 1e300 }, 'invalid literal for offset: 1e+300'],
    [{ search: 5 }, '`search` must be text'],
    [{ status: [5] }, '`status` and `base_node_names` must be text or a list of texts'],
  ])('a search for %j', (body, expected) => {
    const read = readSearch(body, true);
    expect(read.kind === 'parsed' ? read.value : read.message).toEqual(expected);
  });
  it('graphs have no base nodes', () => {
    expect(readSearch({ base_node_names: [] }, false)).toEqual({
      kind: 'refused',
      message: "Unknown keys: `{'base_node_names'}`",
    });
  });

  const ends = { from: { node_id: 'a', resource: 'out' }, to: { node_id: 'b', resource: 'in' } };
  it.each<[Record<string, unknown>, unknown]>([
    [ends, { from: { nodeId: 'a', name: 'out' }, to: { nodeId: 'b', name: 'in' } }],
    [{ to: ends.to }, '`from` is missing'],
    [{ from: ends.from }, '`to` is missing'],
    [{ ...ends, from: { node_id: 'a' } }, '`from.resource` is missing'],
    [{ ...ends, to: { resource: 'in' } }, '`to.node_id` is missing'],
    [{ ...ends, to: [] }, '`to` is missing'],
  ])('a link in %j', (body, expected) => {
    const read = readLink(body);
    expect(read.kind === 'parsed' ? read.value : read.message).toEqual(expected);
  });

  it.each<[Record<string, unknown>, unknown]>([
    [{}, { x: 0, y: 0 }],
    [
      { x: '7', y: 2.9 },
      { x: 7, y: 2 },
    ],
    [{ x: 'abc' }, "invalid literal for int() with base 10: 'abc'"],
    [{ y: [] }, 'invalid literal for int() with base 10: []'],
  ])('a place in %j', (body, expected) => {
    const read = readPlace(body);
    expect(read.kind === 'parsed' ? read.value : read.message).toEqual(expected);
  });

  it.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['', false],
    [undefined, false],
  ])('the flag %j is %s', (value, flag) => expect(readFlag(value)).toBe(flag));
});
