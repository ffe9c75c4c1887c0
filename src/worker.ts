import { onCron } from './entrypoints/events.cron';
import { createApp } from './http/app';
import { openContext, openSystemContext } from './context';

export { AnswerKeeper } from './entrypoints/answer-keeper.do';
export { GraphRun } from './entrypoints/graph-run.workflow';
export { QuotaCounter } from './entrypoints/quota-counter.do';
export { RateLimiter } from './entrypoints/rate-limiter.do';
export { PythonFiles } from './runtime/python-files';
export { SetFiles } from './runtime/set-files';
export { RunDay } from './entrypoints/run-day.do';
export { RunIndex } from './entrypoints/run-index.do';
export { SharedInstance } from './runtime/shared-instance';

const answer = createApp(openContext);

export default {
  fetch: answer,
  scheduled: async ({ cron }, env, execution) => {
    await onCron(cron, openSystemContext(env, execution));
  },
} satisfies ExportedHandler<Env>;
