import { within, type CallRecord } from './capture';
import { exactJson } from './exact-json';
import { askHost } from './host';
import { stringify } from './json';
import { createFlatTables, type Send } from './tables';

/** What a call of a workflow brings beside what every call does. */
export interface WorkflowMeta {
  /** Results of the middleware that ran before, in order. */
  mw?: unknown[];
  /** What the body says, as Portico has read it; the files of a form come beside it. Left out where it says nothing that can be read. */
  sent?: { value: unknown };
  /** The endpoint's own limits. */
  limits?: { steps?: number; rounds?: number };
  /** Names the request in what the workflow refuses. */
  requestId?: string;
  /** Of a test run. */
  test?: { until?: string; mocks?: Record<string, unknown> };
}
/** Another handler's answer, and what it wrote to its log. */
interface Called {
  status: number;
  body: unknown;
  logs: [string, string][];
}

/** Longest wait for word that the answer has left: an answer that nobody reads must not keep the rest from running. */
const ANSWER_MS = 10_000;

/** The part of a workflow's context that other handlers do not have. */
export const workflowContext = (
  { mw = [], sent, limits, requestId, test }: WorkflowMeta,
  record: CallRecord,
  send: Send,
): object => ({
  tables: createFlatTables(send),
  steps: record.steps,
  mw,
  ...(sent === undefined ? {} : { sent }),
  ...(limits === undefined ? {} : { limits }),
  ...(requestId === undefined ? {} : { requestId }),
  ...(test === undefined ? {} : { test }),
  afterAnswer: (): Promise<void> =>
    new Promise((resolve) => {
      record.tellAnswered = resolve;
      setTimeout(resolve, ANSWER_MS);
    }),
  call: async ({
    handler,
    params,
  }: {
    handler: string;
    params: object;
  }): Promise<{ status: number; body: unknown }> => {
    const given = exactJson(params, ['with'], { undefinedFields: true });
    if (!given.startsWith('{')) throw new TypeError('with must be an object of parameters by name');
    const args = `{"params":${given},${stringify({ handler }).slice(1)}`;
    const { status, body, logs } = (await askHost(send, 'handlers.call', args)) as Called;
    within(record, () => {
      for (const [level, text] of logs) console[level as 'info'](`[${handler}] ${text}`);
    });
    return { status, body };
  },
});
