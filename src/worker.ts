import { onSchedule } from './entrypoints/retention.cron';
import { createApp } from './http/app';
import { openBase, openContext } from './context';

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
  scheduled: (_controller, env) => onSchedule({ ...openBase(env), now: () => Date.now() }),
} satisfies ExportedHandler<Env>;
