import type { JinjaTemplate } from '../../runtime/operations/templates';
import { commandOf, type Job, previewJob } from './job.rules';
import type { Node } from '../document/node.schema';
import { doubleQuoted, pythonRepr } from '../document/python.rules';

export type { JinjaTemplate as Template };

/** PREVIEW_CMD: the text itself, or a template to render with the text before it. */
export type CommandPreview =
  | { kind: 'text'; text: string }
  | { kind: 'template'; header: string; template: JinjaTemplate }
  | { kind: 'refused'; message: string };

/** Returns the command of this node in `folder`, with placeholder paths. A file has none. */
export function previewCommand(node: Node, folder: string): CommandPreview {
  const job = previewJob(node, folder);
  switch (node.base_node_name) {
    case 'python':
      return { kind: 'text', text: pythonScript(commandOf(node), job) };
    case 'javascript':
      return { kind: 'text', text: commandOf(node) };
    case 'bash_jinja2': {
      const template = bashTemplate(commandOf(node), job);
      const names = Object.keys(template.context).filter((name) => name !== 'log');
      return { kind: 'template', header: templateHeader(names), template };
    }
    default:
      return { kind: 'refused', message: `Nodes of \`${node.base_node_name}\` have no command` };
  }
}

/** Returns the Python of an operation: its data by name, then its own code. Omits empty dicts. */
export function pythonScript(code: string, job: Job): string {
  const dicts = (['input', 'output', 'param', 'log'] as const).flatMap((name) => {
    const entries = Array.from<[string, unknown]>(job[name]);
    if (entries.length === 0) return [];
    return [`${name} = {}`, ...entries.map(([key, value]) => `${name}[${doubleQuoted(key)}] = ${pythonRepr(value)}`)];
  });
  return `${dicts.map((line) => `${line}\n`).join('')}\n\n# User code starts there:\n${code}`;
}

/** Returns the bash template of an operation and its context. Omits empty parts. */
export function bashTemplate(code: string, job: Job): JinjaTemplate {
  const context: JinjaTemplate['context'] = {};
  for (const name of ['input', 'output', 'param', 'log'] as const) {
    // fromEntries defines own properties, so a parameter named __proto__ needs no special case.
    if (job[name].size > 0) context[name] = Object.fromEntries<unknown>(job[name]);
  }
  return { source: code, context };
}

const templateHeader = (names: string[]): string =>
  `# Use templates: ${pythonRepr(names)}\n# For example \`{{ param['_timeout'] }}\` or \`{{ input['abc'] }}\`\n\n`;
