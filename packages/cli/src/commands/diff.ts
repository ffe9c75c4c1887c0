import type { Command } from '../command.ts';
import { EXIT, Failure, type Exit } from '../failure.ts';
import { printable } from '../io.ts';
import { folderFiles, servedFiles } from '../pull/served-files.ts';
import { diffLines } from '../push/line-diff.ts';
import { askPlan, openPush, type Push } from '../push/open-push.ts';
import { isSilent, stepDetails, stepLine } from '../push/render-plan.ts';
import type { PlanStep } from '../service/protocol.ts';

export const diff: Command = {
  args: '[object ...]',
  count: [0, 100],
  about:
    'Shows what differs between a service (-) and the folder (+): fields of definitions, lines of sources. Objects are named as in the plan,\n' +
    "'handler shop/total.ts', or by identity alone. Exit 2: there are differences.",
  run: async (call) => {
    const push = await openPush(call);
    const { plan } = await askPlan(push);
    const steps = plan.steps.filter((step) => !isSilent(step) && isNamed(step, call.args));
    const unknown = call.args.filter(
      (name) => !push.objects.some((one) => isNamed(one, [name])) && !steps.some((one) => isNamed(one, [name])),
    );
    if (unknown.length > 0) throw new Failure(`the folder has no ${unknown.join(', ')}`, EXIT.usage);
    const shown: { kind: string; identity: string; lines: string[] }[] = [];
    for (const step of steps) {
      const lines =
        step.kind === 'handler' ? (await sourceLines(push, step)).map(printable) : stepDetails(step, call.io);
      call.io.say([stepLine(step, call.io), ...lines].join('\n'));
      shown.push({ kind: step.kind, identity: step.identity, lines });
    }
    call.io.result({ differences: shown });
    return (steps.length > 0 ? EXIT.differs : EXIT.done) satisfies Exit;
  },
};

const isNamed = ({ kind, identity }: { kind: string; identity: string }, names: readonly string[]): boolean =>
  names.length === 0 || names.some((name) => name === identity || name === `${kind} ${identity}`);

/** Returns the changed lines of a handler's files; a side without a file is empty. */
async function sourceLines(push: Push, { identity, from, action }: PlanStep): Promise<string[]> {
  const own = push.objects.find((object) => object.kind === 'handler' && object.identity === identity);
  const ours = folderFiles(own);
  // A request for each of hundreds of new handlers would cost seconds.
  const theirs = action === 'create' ? {} : await servedFiles(push.service, from ?? identity);
  const [served, mine] = [Object.values(theirs), Object.values(ours)];
  // One file needs no name, also where the handler has another path by now.
  if (served.length <= 1 && mine.length <= 1) return diffLines(served[0] ?? '', mine[0] ?? '');
  const paths = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].toSorted();
  return paths.flatMap((path) => {
    const lines = diffLines(theirs[path] ?? '', ours[path] ?? '');
    return lines.length === 0 ? [] : [`  ${path}`, ...lines];
  });
}
