import type { JinjaTemplate } from '../../runtime/operations/templates';
import { commandOf, type Job, previewJob } from './job.rules';
import type { Node } from '../document/node.schema';
import { doubleQuoted, pythonRepr } from '../document/python.rules';

export type { JinjaTemplate as Template };

/** PREVIEW_CMD: the text itself, or a template to render with the text that goes before it. */
export type CommandPreview =
  | { kind: 'text'; text: string }
  | { kind: 'template'; header: string; template: JinjaTemplate }
  | { kind: 'refused'; message: string };

/** What would run for this node in `folder`, with placeholder paths. A file has nothing to run. */
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

/** The Python that runs for an operation: what it may use, by name, then its own code. A dict without entries is left out. */
export function pythonScript(code: string, job: Job): string {
  const dicts = (['input', 'output', 'param', 'log'] as const).flatMap((name) => {
    const entries = Array.from<[string, unknown]>(job[name]);
    if (entries.length === 0) return [];
    return [`${name} = {}`, ...entries.map(([key, value]) => `${name}[${doubleQuoted(key)}] = ${pythonRepr(value)}`)];
  });
  return `${dicts.map((line) => `${line}\n`).join('')}\n\n# User code starts there:\n${code}`;
}

/** The bash template of an operation and its context. A part without entries is left out. */
export function bashTemplate(code: string, job: Job): JinjaTemplate {
  const context: JinjaTemplate['context'] = {};
  for (const name of ['input', 'output', 'param', 'log'] as const) {
    // fromEntries defines own properties, so that a parameter named __proto__ is one like any other.
    if (job[name].size > 0) context[name] = Object.fromEntries<unknown>(job[name]);
  }
  return { source: code, context };
}

const templateHeader = (names: string[]): string =>
  `# Use templates: ${pythonRepr(names)}\n# For example \`{{ param['_timeout'] }}\` or \`{{ input['abc'] }}\`\n\n`;
