import { metaText, type Meta } from '../meta-text';
import { parse } from './json';
import type { WorkflowMeta } from './workflow-context';

/** A call as JSON text. `params` are validated; `request` is for handlers that take the request itself. */
export interface CallMeta {
  run: string;
  form: 'named' | 'request';
  params: Record<string, unknown>;
  request?: { method: string; url: string; headers: [string, string][] };
  caller: unknown;
  executor: unknown;
  endpoint: { path: string; url: string };
  /** Values of the listed secrets, for this call only. */
  env?: Record<string, string>;
  /** Only in calls of workflows. */
  workflow?: WorkflowMeta;
}

/** Parses the facts of a call, and puts its long texts among the parameters. */
export function readMeta(meta: Meta): CallMeta {
  if (typeof meta === 'string' || meta instanceof ArrayBuffer) return parse(metaText(meta)) as CallMeta;
  const read = parse(meta.json) as CallMeta;
  for (const [name, text] of meta.texts) read.params[name] = text;
  return read;
}
