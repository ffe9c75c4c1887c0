import { createInterface } from 'node:readline/promises';
import type { Call, Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable } from '../io.ts';
import { renderFileIssues } from '../project/jsonc.ts';
import { applyPlan, makePlan, openPush, PLAN_OPTIONS, type Push } from '../push/open-push.ts';
import { isWrite, stepLine } from '../push/render-plan.ts';
import { refusedIssues, toFileIssues } from '../push/step-issues.ts';
import { Refused } from '../service/client.ts';
import type { Applied, Plan, ToSet } from '../service/protocol.ts';
import { exitOf, showPlan } from './plan.ts';

export const push: Command = {
  about:
    'Makes a service have what the folder has. Shows the plan; applies nothing when there is an issue, a conflict or a loss that is not allowed.\n' +
    'Exit 3 after a push that kept changes made in the service, 4 for a loss that is not allowed.',
  options: {
    ...PLAN_OPTIONS,
    merge: { type: 'boolean', help: 'Keep both sides where each changed other fields of an object' },
    dirty: { type: 'boolean', help: 'Push to a protected target with changes that are not committed' },
    'yes-to': { type: 'string', value: 'target', help: 'Confirm a push to a protected target' },
  },
  run: async (call) => (await pushOpened(call, await openPush(call))).exit,
};

/** Shows the plan of what was opened, and applies it. `toSet` is null where nothing was applied. */
export async function pushOpened(call: Call, opened: Push): Promise<{ exit: Exit; toSet: ToSet | null }> {
  const first = await makePlan(opened);
  const exit = refusalOf(call, first.plan);
  const { steps } = first.plan;
  if (exit !== null) {
    showPlan(call, opened, first.plan, true);
    call.io.result({ plan: first.plan, applied: [] });
    return { exit, toSet: null };
  }
  if (steps.some(isWrite)) {
    showPlan(call, opened, first.plan, true);
    await confirm(call, opened);
  } else
    for (const step of steps.filter(({ action }) => action === 'drift' || action === 'deleted' || action === 'left'))
      call.io.say(stepLine(step, call.io));
  const { applied, generation, toSet } = await applyAll(call, opened, first);
  opened.note(generation);
  call.io.say(
    applied.length === 0
      ? '✓ Nothing to do.'
      : `✓ ${applied.length} ${applied.length === 1 ? 'change' : 'changes'}, generation ${generation}.`,
  );
  call.io.result({ plan: first.plan, applied, generation, toSet });
  const isKept = steps.some(({ action }) => action === 'drift' || action === 'deleted');
  return { exit: isKept ? EXIT.conflict : EXIT.done, toSet };
}

/** Returns the exit code of a plan that is not applied, or null. */
function refusalOf(call: Call, plan: Plan): Exit | null {
  if (plan.blocked.length > 0) return exitOf(plan);
  if (!plan.steps.some(({ action }) => action === 'merge') || call.flag('merge')) return null;
  call.io.note('Both sides changed some objects: portico pull takes both into the folder, --merge pushes as they are.');
  return EXIT.conflict;
}

/** Applies a plan, and the plans of what remains, until all is done. */
export async function applyAll(call: Call, push: Push, first: Awaited<ReturnType<typeof makePlan>>): Promise<Applied> {
  const none: Applied = { generation: first.plan.generation, applied: [], done: true, toSet: first.plan.toSet };
  if (!first.plan.steps.some((step) => isWrite(step) || step.action === 'adopt' || step.action === 'forget'))
    return none;
  const applied: Applied['applied'] = [];
  for (let made = first; ; made = await makePlan(push, made.needed)) {
    const answer = await applyOnce(push, made);
    const warnings = toFileIssues(
      push.objects,
      answer.applied.map(({ warnings: issues, ...object }) => ({ ...object, issues })),
    );
    for (const line of renderFileIssues(warnings, 'warning: ').split('\n'))
      if (line !== '') call.io.say(call.io.style('yellow', printable(line)));
    applied.push(...answer.applied.filter(({ action }) => action !== 'adopt' && action !== 'forget'));
    if (answer.done) return { ...answer, applied };
    for (const { kind, identity } of answer.applied) made.needed.delete(`${kind} ${identity}`);
    push.note(answer.generation);
    call.io.note(`${applied.length} changes so far …`);
  }
}

async function applyOnce(push: Push, made: Awaited<ReturnType<typeof makePlan>>): Promise<Applied> {
  try {
    return await applyPlan(push, made);
  } catch (error) {
    if (error instanceof Refused && error.code === 'plan_changed')
      throw new Failure(
        'The service has changed since the plan was made. Nothing was applied; push again.',
        EXIT.conflict,
      );
    const issues = error instanceof Refused && error.status === 422 ? refusedIssues(push.objects, error) : null;
    throw issues === null ? error : new Failure(renderFileIssues(issues));
  }
}

/** Throws a Failure when a protected target is not confirmed. */
async function confirm(call: Call, { target, isDirty }: Push): Promise<void> {
  if (!target.isProtected) return;
  if (isDirty && !call.flag('dirty'))
    throw new Failure(
      `${target.name} is protected, and the folder has changes that are not committed. Commit, or add --dirty.`,
      EXIT.usage,
    );
  if (call.text('yes-to') === target.name) return;
  if (!call.io.isTerminal)
    throw new Failure(`${target.name} is protected: confirm with --yes-to ${target.name}`, EXIT.usage);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await lines.question(`Type ${target.name} to go on: `);
  lines.close();
  if (typed.trim() !== target.name) throw new Failure('Not pushed.');
}
