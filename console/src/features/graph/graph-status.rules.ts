import type { GraphStatus } from '../../../../src/plynx/document/graph.schema';
import type { NodeRunningStatus, NodeStatus } from '../../../../src/plynx/document/node.schema';
import type { StateWord } from '../../kit/badge';

/** The word and the tone of each state. */
export const GRAPH_STATUSES: Readonly<Record<GraphStatus, StateWord>> = {
  CREATED: { word: 'draft', tone: 'neutral' },
  READY: { word: 'starting', tone: 'info' },
  RUNNING: { word: 'running', tone: 'info' },
  FAILED_WAITING: { word: 'failing', tone: 'bad' },
  SUCCESS: { word: 'success', tone: 'good' },
  FAILED: { word: 'failed', tone: 'bad' },
  CANCELED: { word: 'canceled', tone: 'warn' },
};
export const GRAPH_STATES = Object.keys(GRAPH_STATUSES) as GraphStatus[];

export const RUNNING_STATUSES: Readonly<Record<NodeRunningStatus, StateWord>> = {
  STATIC: { word: 'file', tone: 'neutral' },
  CREATED: { word: 'not started', tone: 'neutral' },
  IN_QUEUE: { word: 'in the queue', tone: 'info' },
  RUNNING: { word: 'running', tone: 'info' },
  SUCCESS: { word: 'success', tone: 'good' },
  RESTORED: { word: 'from the cache', tone: 'good' },
  FAILED: { word: 'failed', tone: 'bad' },
  CANCELED: { word: 'canceled', tone: 'warn' },
};

export const OPERATION_STATUSES: Readonly<Record<NodeStatus, StateWord>> = {
  CREATED: { word: 'draft', tone: 'neutral' },
  READY: { word: 'approved', tone: 'good' },
  DEPRECATED: { word: 'deprecated', tone: 'warn' },
  MANDATORY_DEPRECATED: { word: 'must not run', tone: 'bad' },
};

/** Names of the kinds of nodes, by their names in PLynx. */
export const KINDS: Readonly<Record<string, string>> = {
  bash_jinja2: 'Bash',
  python: 'Python',
  javascript: 'JavaScript',
  file: 'File',
};

/** Returns true while the run of a graph may still change. */
export const isRunning = (status: GraphStatus): boolean => ['READY', 'RUNNING', 'FAILED_WAITING'].includes(status);
