import { within, type CallRecord } from './capture';
import { exactJson } from './exact-json';
import { askHost } from './host';
import { stringify } from './json';
import { createFlatTables, type Send } from './tables';

/** Data that only a call of a workflow has. */
export interface WorkflowMeta {
  /** Results of the middleware that ran before, in order. */
  mw?: unknown[];
  /** The body as Portico parsed it; the files of a form come beside it. Absent when it cannot be parsed. */
  sent?: { value: unknown };
  /** The endpoint's own limits. */
  limits?: { steps?: number; rounds?: number };
  /** Id of the request, for the errors of the workflow. */
  requestId?: string;
  /** Of a test run. */
  test?: { until?: string; mocks?: Record<string, unknown> };
}
/** Another handler's result and log. */
interface Called {
  status: number;
  body: unknown;
  logs: [string, string][];
}

/** Longest wait for the delivery of the response: a caller that does not read it must not block the rest of the steps. */
const ANSWER_MS = 10_000;

/** Builds the part of a workflow's context that other handlers do not have. */
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
