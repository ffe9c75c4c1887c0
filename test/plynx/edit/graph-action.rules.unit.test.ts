import { describe, expect, it } from 'vitest';
import { needsAuthor } from '../../../src/plynx/edit/graph-action.rules';
import type { GraphStatus } from '../../../src/plynx/document/graph.schema';
import { isForAuthor, planNodeAction } from '../../../src/plynx/edit/node-action.rules';
import type { Node, NodeStatus } from '../../../src/plynx/document/node.schema';
import { planGraphActions } from '../../../src/plynx/edit/plan-graph-actions.rules';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import { graphOf, idOf, placedNode } from '../document/graph-samples';

describe('actions on a node', () => {
  const node = (status: NodeStatus, over: Partial<Node> = {}): Node => ({
    ...placedNode(1),
    inputs: [],
    node_status: status,
    ...over,
  });
  const answer = (action: string, posted: NodeStatus, stored?: NodeStatus) => {
    const plan = planNodeAction(action, node(posted), stored && node(stored));
    return plan.kind === 'refused' ? plan.message : plan.kind === 'save' ? `save ${plan.node.node_status}` : plan.kind;
  };
  const CANNOT = (status: string) => `Cannot save node with status \`${status}\``;
  const EXPECTED = (status: string) => `Node status \`CREATED\` expected. Found \`${status}\``;
  const UNEXPECTED = 'Node status `CREATED` not expected.';

  it.each<[string, NodeStatus, NodeStatus | undefined, string]>([
    ['SAVE', 'CREATED', undefined, 'save CREATED'],
    ['SAVE', 'CREATED', 'CREATED', 'save CREATED'],
    ['SAVE', 'READY', undefined, CANNOT('READY')],
    ['SAVE', 'CREATED', 'READY', CANNOT('READY')],
    ['SAVE', 'CREATED', 'MANDATORY_DEPRECATED', CANNOT('MANDATORY_DEPRECATED')],
    ['APPROVE', 'CREATED', undefined, 'save READY'],
    ['APPROVE', 'CREATED', 'CREATED', 'save READY'],
    ['APPROVE', 'READY', 'CREATED', EXPECTED('READY')],
    ['APPROVE', 'CREATED', 'DEPRECATED', EXPECTED('DEPRECATED')],
    ['VALIDATE', 'READY', undefined, 'valid'],
    ['VALIDATE', 'MANDATORY_DEPRECATED', undefined, 'invalid'],
    ['DEPRECATE', 'CREATED', undefined, UNEXPECTED],
    ['DEPRECATE', 'READY', undefined, UNEXPECTED],
    ['DEPRECATE', 'READY', 'CREATED', UNEXPECTED],
    ['DEPRECATE', 'READY', 'READY', 'save DEPRECATED'],
    ['MANDATORY_DEPRECATE', 'READY', 'DEPRECATED', 'save MANDATORY_DEPRECATED'],
    ['PREVIEW_CMD', 'READY', 'READY', 'preview'],
    ['save', 'CREATED', undefined, 'Unknown action `save`'],
    ['__proto__', 'CREATED', undefined, 'Unknown action `__proto__`'],
  ])('%s of a posted %s over a stored %s: %s', (action, posted, stored, expected) => {
    expect(answer(action, posted, stored)).toBe(expected);
  });

  it('a file may be saved while READY, and nothing becomes a file to get there', () => {
    const file = newNode('file', idOf(1));
    expect(planNodeAction('SAVE', file, file)).toMatchObject({ kind: 'save' });
    expect(planNodeAction('SAVE', file, node('READY'))).toEqual({ kind: 'refused', message: CANNOT('READY') });
  });
  it('APPROVE validates, and a star is not taken from the request', () => {
    expect(planNodeAction('APPROVE', node('CREATED', { title: '' }), undefined).kind).toBe('invalid');
    expect(planNodeAction('SAVE', node('CREATED', { starred: true }), undefined)).toMatchObject({
      node: { starred: false },
    });
  });
  it('a deprecation changes nothing but status and successor', () => {
    const posted = node('READY', { title: 'other', successor_node: idOf(5), parameters: newNode('python').parameters });
    const stored = node('READY');
    expect(planNodeAction('DEPRECATE', posted, stored)).toEqual({
      kind: 'save',
      node: { ...stored, node_status: 'DEPRECATED', successor_node: idOf(5) },
    });
  });
  it('are for the author, except VALIDATE and PREVIEW_CMD', () => {
    expect(
      ['SAVE', 'APPROVE', 'VALIDATE', 'DEPRECATE', 'PREVIEW_CMD', 'NOPE'].filter((one) => !isForAuthor(one)),
    ).toEqual(['VALIDATE', 'PREVIEW_CMD']);
  });
});

describe('actions on a graph', () => {
  const GOOD = graphOf(placedNode(1), placedNode(2, [1]));
  const BAD = { ...GOOD, title: '' };
  const plan = (actions: string[], over: { graph?: typeof GOOD; storedStatus?: GraphStatus } = {}) =>
    planGraphActions(actions, {
      graph: GOOD,
      storedStatus: undefined,
      stored: new Map(),
      clone: { id: idOf(77), author: idOf(88) },
      ...over,
    });
  const shortly = (...given: Parameters<typeof plan>) => {
    const { kind, writes, ...rest } = plan(...given);
    const effects = writes.map(({ effect, graph }) => `${effect} ${graph.graph_running_status}`);
    return [
      kind,
      ...effects,
      ...('message' in rest ? [rest.message] : []),
      ...('error' in rest && rest.error ? ['error'] : []),
    ];
  };
  const inStatus = (status: GraphStatus) => ({ ...GOOD, graph_running_status: status });

  it.each<[string[], Parameters<typeof plan>[1], string[]]>([
    [[], {}, ['answered']],
    [['SAVE'], {}, ['answered', 'save CREATED']],
    [['APPROVE'], {}, ['answered', 'start READY']],
    [['REARRANGE', 'VALIDATE', 'SAVE'], {}, ['answered', 'save CREATED']],
    [['VALIDATE', 'SAVE'], { graph: BAD }, ['answered', 'save CREATED', 'error']],
    [['APPROVE'], { graph: BAD }, ['answered', 'error']],
    [['SAVE', 'NOPE', 'APPROVE'], {}, ['refused', 'save CREATED', 'Unknown action `NOPE`']],
    [['APPROVE', 'SAVE'], {}, ['refused', 'start READY', 'Cannot save graph with status `READY`']],
    [['APPROVE', 'APPROVE'], {}, ['refused', 'start READY', 'Graph status `CREATED` expected. Found `READY`']],
    [['SAVE'], { storedStatus: 'RUNNING' }, ['refused', 'Cannot save graph with status `RUNNING`']],
    [['APPROVE'], { storedStatus: 'SUCCESS' }, ['refused', 'Graph status `CREATED` expected. Found `SUCCESS`']],
    [['SAVE'], { graph: inStatus('SUCCESS') }, ['refused', 'Cannot save graph with status `SUCCESS`']],
    [['CANCEL'], { storedStatus: 'RUNNING' }, ['answered', 'cancel CREATED']],
    [['CANCEL'], { storedStatus: 'FAILED_WAITING' }, ['answered', 'cancel CREATED']],
    [['CANCEL'], { storedStatus: 'READY' }, ['refused', 'Graph status `RUNNING` expected. Found `READY`']],
    [
      ['CANCEL'],
      { storedStatus: 'SUCCESS', graph: inStatus('RUNNING') },
      ['refused', 'Graph status `RUNNING` expected. Found `SUCCESS`'],
    ],
    [
      ['CLONE', 'APPROVE'],
      { storedStatus: 'SUCCESS', graph: inStatus('SUCCESS') },
      ['answered', 'create CREATED', 'start READY'],
    ],
    [['UPGRADE_NODES'], {}, ['unusable', `Node \`${idOf(900001)}\` was not found`]],
    [['REARRANGE'], { graph: graphOf() }, ['unusable', 'The graph has no nodes']],
    [
      ['GENERATE_CODE'],
      { graph: graphOf(placedNode(1, [1])) },
      ['unusable', `The graph has a cycle through node \`${idOf(1)}\``],
    ],
    [['constructor'], {}, ['refused', 'Unknown action `constructor`']],
  ])('%j %#', (actions, over, expected) => expect(shortly(actions, over)).toEqual(expected));

  it('actions after a clone change the clone', () => {
    const result = plan(['CLONE', 'SAVE']);
    expect(result.writes.map(({ graph }) => graph._id)).toEqual([idOf(77), idOf(77)]);
    expect(result).toMatchObject({ graph: { _id: idOf(77), author: idOf(88) }, extras: { newGraphId: idOf(77) } });
  });
  it('a run starts from nothing, whatever was posted as finished', () => {
    const forged = placedNode(1, [], {
      node_running_status: 'SUCCESS',
      outputs: [{ name: 'out', file_type: 'file', resource_id: 'x' }],
    });
    const [write] = plan(['APPROVE'], { graph: graphOf(forged) }).writes;
    expect(write!.graph.nodes[0]).toMatchObject({ node_running_status: 'CREATED', outputs: [{ resource_id: null }] });
  });
  it.each([
    [['VALIDATE', 'REARRANGE', 'UPGRADE_NODES', 'GENERATE_CODE', 'CLONE'], false],
    [[], false],
    [['VALIDATE', 'SAVE'], true],
    [['NOPE'], true],
  ])('%j is for the author: %s', (actions, expected) => expect(needsAuthor(actions)).toBe(expected));
});
