import { describe, expect, it } from 'vitest';
import lines from '../../fixtures/plynx/recorded.jsonl?raw';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import { commandOf, filesOf, jobOf, previewJob } from '../../../src/plynx/run/job.rules';
import type { Node } from '../../../src/plynx/document/node.schema';
import { previewCommand, pythonScript } from '../../../src/plynx/run/script.rules';
import { FAILED_LOG, scriptLog, timedOutLog } from '../../../src/plynx/run/worker-log.rules';
import { readRecording } from '../../conformance/plynx-masking';
import { placedNode } from '../document/graph-samples';

const F = '/tmp/job';
const slot = (over: Partial<Node['inputs'][number]>): Node['inputs'][number] => ({
  name: 'in',
  file_types: ['file'],
  values: [],
  min_count: 1,
  max_count: 1,
  ...over,
});
const link = (resource_id: string | null) => ({ node_id: 'n', output_id: 'out', resource_id });

describe('paths', () => {
  it.each<[string, Partial<Node['inputs'][number]>, unknown]>([
    ['exactly one is a path', {}, `${F}/i_0_in`],
    ['any other count is a list', { max_count: -1 }, [`${F}/i_0_in`]],
    ['as many as asked for at least', { min_count: 2, max_count: 5 }, [`${F}/i_0_in`, `${F}/i_1_in`]],
    ['none needed, none shown', { min_count: 0 }, []],
    ['a negative minimum is none', { min_count: -3, max_count: -1 }, []],
  ])('of a preview: %s', (_, over, paths) => {
    expect(previewJob(placedNode(1, [], { inputs: [slot(over)] }), F).input.get('in')).toEqual(paths);
  });
  it('a preview of a billion values ends', () => {
    const node = placedNode(1, [], { inputs: [slot({ min_count: 1e9, max_count: -1 })] });
    expect(previewJob(node, F).input.get('in')).toHaveLength(100);
  });
  it('of a run: one for each value', () => {
    const node = placedNode(1, [], { inputs: [slot({ max_count: -1, values: [link('a'), link('b')] })] });
    expect(jobOf(node, F).input.get('in')).toEqual([`${F}/i_0_in`, `${F}/i_1_in`]);
    expect(filesOf(node, F)).toEqual({
      inputs: [
        { path: `${F}/i_0_in`, resourceId: 'a', types: ['file'] },
        { path: `${F}/i_1_in`, resourceId: 'b', types: ['file'] },
      ],
      outputs: [{ name: 'out', type: 'file', path: `${F}/o_out` }],
    });
  });
  it('a name cannot lead out of the folder', () => {
    const outputs = [{ name: '../../etc/passwd', file_type: 'file', resource_id: null }];
    expect(jobOf(placedNode(1, [], { outputs }), F).output.get('../../etc/passwd')).toBe(
      `${F}/o_..%2F..%2Fetc%2Fpasswd`,
    );
  });
});

it.each(['python', 'javascript', 'bash_jinja2'] as const)(
  'the command of a %s operation may begin with a byte order mark',
  (kind) => {
    const node = newNode(kind);
    node.parameters.find(({ name }) => name === 'cmd')!.value = '\uFEFFecho \uFEFF';
    expect(commandOf(node)).toBe('echo \uFEFF');
  },
);

describe('previews', () => {
  it('a file has no command', () => {
    expect(previewCommand(newNode('file'), F)).toEqual({ kind: 'refused', message: 'Nodes of `file` have no command' });
    expect(previewCommand({ ...newNode('file'), base_node_name: 'nope' }, F).kind).toBe('refused');
  });
  it('bash is a template with the parts that have entries', () => {
    const preview = previewCommand(placedNode(1, [], { inputs: [], outputs: [] }), F);
    expect(preview).toMatchObject({
      kind: 'template',
      header: expect.stringContaining("# Use templates: ['param']\n"),
    });
    expect(preview.kind === 'template' && Object.keys(preview.template.context)).toEqual(['param', 'log']);
  });
  it('an enum in Python is its chosen text', () => {
    const node = newNode('python');
    const e = {
      ...node.parameters[1]!,
      name: 'e',
      parameter_type: 'enum' as const,
      value: { values: ['a', 'b'], index: '1' },
    };
    const preview = previewCommand({ ...node, parameters: [e] }, F);
    expect(preview.kind === 'text' && preview.text).toContain('param["e"] = \'b\'\n');
  });
  it('javascript is its own code', () => {
    const preview = previewCommand(newNode('javascript'), F);
    expect(preview.kind === 'text' && preview.text).toMatch(/^export default async function/);
  });
});

it('a name cannot leave its quotes in the script', () => {
  const job = previewJob(placedNode(1, [], { outputs: [{ name: 'a"]\nx', file_type: 'file', resource_id: null }] }), F);
  expect(pythonScript('', job).split('\n')).toContain(`output["a\\"]\\nx"] = '${F}/o_a"]\\nx'`);
});

describe('the worker log', () => {
  const recorded = (name: string) => readRecording(lines).find((call) => call.case === name)!.resp_text;
  it('of a failed script is as recorded', () => {
    expect(scriptLog('exit 3') + FAILED_LOG).toBe(recorded('graph.fail.res.Fail.worker'));
  });
  it('of a Python script is as recorded', () => {
    const text = recorded('graph.run.res.Gen.worker')!;
    const folder = /<tmp>\/[0-9a-f-]+/.exec(text)![0];
    const approved = readRecording(lines).find((call) => call.case === 'node.approve.Gen')!.req as { node: Node };
    const parameters = approved.node.parameters.map((one) => (one.name === 'n' ? { ...one, value: 4 } : one));
    const node = { ...approved.node, parameters };
    const code = (parameters[0]!.value as { value: string }).value;
    expect(scriptLog(pythonScript(code, jobOf(node, folder)))).toBe(text);
  });
  it('records a timeout', () => expect(timedOutLog(600)).toBe('# killed: timed out after 600 minutes\n'));
});
