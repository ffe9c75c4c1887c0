import type { Call, Command } from '../command.ts';
import { EXIT, type Exit } from '../failure.ts';
import { headerOf, isSilent, stepDetails, stepLine, summaryOf } from '../push/render-plan.ts';
import { makePlan, openPush, PLAN_OPTIONS, type Push } from '../push/open-push.ts';
import { toFileIssues } from '../push/step-issues.ts';
import { renderFileIssues } from '../project/jsonc.ts';
import type { Plan } from '../service/protocol.ts';

/** Returns the exit code of a plan that is only shown. */
export function exitOf({ blocked, steps }: Plan): Exit {
  if (blocked.includes('invalid') || blocked.includes('need')) return EXIT.failed;
  if (blocked.includes('conflict') || blocked.includes('stale')) return EXIT.conflict;
  if (blocked.includes('loss')) return EXIT.loss;
  return steps.some((step) => !isSilent(step) && step.action !== 'left') ? EXIT.differs : EXIT.done;
}

/** Prints a plan: a line a step, and with details the fields of each. */
export function showPlan({ io }: Call, push: Push, plan: Plan, withDetails: boolean): void {
  io.say(headerOf(push.target.name, push.target.origin, plan));
  const shown = plan.steps.filter((step) => !isSilent(step));
  for (const step of shown) {
    io.say(`  ${stepLine(step, io)}`);
    if (withDetails) for (const line of stepDetails(step, io)) io.say(line);
  }
  const fileIssues = toFileIssues(push.objects, plan.steps);
  if (fileIssues.length > 0) io.say(renderFileIssues(fileIssues));
  io.say(shown.length === 0 ? 'Nothing to do.' : summaryOf(plan));
  for (const name of plan.toSet.secrets) io.say(`Secret ${name} has no value: portico secrets set ${name}`);
  for (const alias of plan.toSet.keys) io.say(`Key ${alias} has no value: portico keys issue ${alias}`);
}

async function run(call: Call, withDetails: boolean): Promise<Exit> {
  const push = await openPush(call);
  const { plan: made } = await makePlan(push);
  showPlan(call, push, made, withDetails);
  call.io.result(made);
  return exitOf(made);
}

export const status: Command = {
  about: 'Lists the objects that differ between the folder, the last push and a service. Exit 2: there are some.',
  run: (call) => run(call, false),
};

export const plan: Command = {
  about: 'Shows what a push would do, field by field. Changes nothing. Exit 2: there are differences.',
  options: PLAN_OPTIONS,
  run: (call) => run(call, true),
};
