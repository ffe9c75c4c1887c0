import type { Issue } from '../../../kernel/errors';
import { CreateEndpointInput } from '../../publishing/endpoints/endpoint.schema';
import { toolKeyOf, toolNameOf } from '../../publishing/endpoints/tool-name.rules';
import { toEndpointInput } from '../apply/endpoint-input';
import type { PushStep } from './to-step';

/** Returns an issue for each endpoint of a push whose tool has the name of an earlier one in it. */
export function toolTwins(steps: readonly PushStep[]): { step: PushStep; issue: Issue }[] {
  const taken = new Map<string, string>();
  return steps.flatMap((step) => {
    const tool = toolOf(step);
    const key = toolKeyOf(tool);
    if (tool === null || key === null) return [];
    const other = taken.get(key);
    taken.set(key, other ?? step.identity);
    if (other === undefined) return [];
    const message = `the endpoint ${other} is the tool ${tool} as well: set another tool.name`;
    return [{ step, issue: { pointer: '#/tool', code: 'name_taken', message } }];
  });
}

function toolOf({ kind, target }: PushStep): string | null {
  if (kind !== 'endpoint' || target === null) return null;
  const parsed = CreateEndpointInput.safeParse(toEndpointInput(target, { keys: new Map(), executor: undefined }));
  return parsed.success && parsed.data.path !== undefined ? toolNameOf(parsed.data.path, parsed.data) : null;
}
