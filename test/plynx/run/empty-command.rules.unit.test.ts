import { describe, expect, it } from 'vitest';
import { type BaseNodeName, newNode } from '../../../src/plynx/document/base-node.rules';
import { emptyCommandWarnings, hasEmptyCommand } from '../../../src/plynx/run/empty-command.rules';
import type { Node } from '../../../src/plynx/document/node.schema';

const withCommand = (base: BaseNodeName, value: string): Node => {
  const node = newNode(base);
  const parameters = node.parameters.map((one) =>
    one.name === 'cmd' ? { ...one, value: { value, mode: 'sh' } } : one,
  );
  return { ...node, parameters };
};

describe('does nothing', () => {
  it.each(['bash_jinja2', 'python', 'javascript'] as const)('%s as it is new', (base) =>
    expect(hasEmptyCommand(newNode(base))).toBe(true),
  );
  it.each<[BaseNodeName, string]>([
    ['bash_jinja2', ''],
    ['bash_jinja2', '#!/bin/bash\nset -euo pipefail\n\t\n  # to do\n'],
    ['python', '# to do'],
    ['javascript', ' \n'],
  ])('%s: %j', (base, command) => expect(hasEmptyCommand(withCommand(base, command))).toBe(true));
});

describe('does something', () => {
  it.each<[BaseNodeName, string]>([
    ['bash_jinja2', 'set -e\necho'],
    ['bash_jinja2', 'settle'],
    ['bash_jinja2', '{{ param.cmd }}'],
    ['python', 'set()\npass'],
    ['javascript', 'export default () => {}'],
    ['file', ''],
  ])('%s: %j', (base, command) => expect(hasEmptyCommand(withCommand(base, command))).toBe(false));
});

it('warns of a hundred operations at most, by name', () => {
  const nodes = Array.from({ length: 150 }, () => ({ ...newNode('python'), title: 'Sum' }));
  const warnings = emptyCommandWarnings([newNode('file'), withCommand('bash_jinja2', 'ls'), ...nodes]);
  expect(warnings).toHaveLength(100);
  expect(warnings[0]).toBe(`The command of operation "Sum" (${nodes[0]!._id}) is empty: it does nothing`);
});
