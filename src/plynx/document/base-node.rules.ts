import type { Node } from './node.schema';
import { newObjectId } from './object-id.rules';
import type { GraphParameter } from './parameter.schema';

/** The kinds of node. `javascript` is Portico's own; the others are PLynx's. */
export const BASE_NODE_NAMES = ['python', 'bash_jinja2', 'javascript', 'file'] as const;
export type BaseNodeName = (typeof BASE_NODE_NAMES)[number];

/** Returns the kind with that name, or undefined: PLynx distinguishes a base node from an id by this. */
export const baseNodeName = (name: string): BaseNodeName | undefined => BASE_NODE_NAMES.find((one) => one === name);

/** Default time limit of an operation, in minutes. */
export const DEFAULT_TIMEOUT_MINUTES = 600;

/** Builds a new node of a kind, not stored. */
export function newNode(base: BaseNodeName, id = newObjectId()): Node {
  return base === 'file' ? newFile(id) : newOperation(base, id);
}

const blank = (base: BaseNodeName, id: string): Node => ({
  _id: id,
  title: '',
  description: '',
  base_node_name: base,
  parent_node: null,
  successor_node: null,
  inputs: [],
  outputs: [],
  parameters: [],
  logs: [],
  node_running_status: 'CREATED',
  node_status: 'CREATED',
  cache_url: '',
  x: 0,
  y: 0,
  author: null,
  starred: false,
});

const newFile = (id: string): Node => ({
  ...blank('file', id),
  title: 'File',
  description: 'Custom file',
  outputs: [{ name: 'out', file_type: 'file', resource_id: null }],
  node_running_status: 'STATIC',
  node_status: 'READY',
});

const newOperation = (base: Exclude<BaseNodeName, 'file'>, id: string): Node => ({
  ...blank(base, id),
  parameters: [
    fixed('cmd', 'code', base === 'javascript' ? JAVASCRIPT_START : SHELL_START),
    fixed('cacheable', 'bool', true),
    { ...fixed('_timeout', 'int', DEFAULT_TIMEOUT_MINUTES), publicable: true },
  ],
  logs: ['stderr', 'stdout', 'worker'].map((name) => ({ name, file_type: 'file', resource_id: null })),
});

// A parameter that every operation has: its name and type are fixed, and it cannot be removed.
const fixed = (
  name: string,
  parameter_type: GraphParameter['parameter_type'],
  value: GraphParameter['value'],
): GraphParameter => ({
  name,
  parameter_type,
  value,
  mutable_type: false,
  removable: false,
  publicable: false,
  widget: null,
});

// PLynx starts Python operations with the shell's text as well.
const SHELL_START = { value: 'set -e\n\n', mode: 'sh' };
/** The command of a new JavaScript operation. */
export const NEW_JAVASCRIPT = 'export default async function ({ input, output, param, readText, writeText }) {\n}\n';
const JAVASCRIPT_START = { value: NEW_JAVASCRIPT, mode: 'javascript' };
