import type { Endpoint } from './endpoint.queries';

type Tool = Exclude<Endpoint['tool'], boolean>;
/** `auto`: not given. */
type Hint = 'auto' | 'yes' | 'no';

/** Description of an endpoint for agents, as a form edits it. */
export const toToolValues = (tool: Endpoint['tool']) => {
  const { name, description, readOnly, destructive, idempotent, openWorld }: Tool =
    typeof tool === 'object' ? tool : {};
  return {
    isTool: tool !== false,
    toolName: name ?? '',
    toolDescription: description ?? '',
    readOnly: toHint(readOnly),
    destructive: toHint(destructive),
    idempotent: toHint(idempotent),
    openWorld: toHint(openWorld),
  };
};
export type ToolValues = ReturnType<typeof toToolValues>;

/** Returns the tool: only what is given, and true where nothing is. */
export function fromToolValues({ isTool, toolName, toolDescription, ...hints }: ToolValues): Endpoint['tool'] {
  if (!isTool) return false;
  const tool: Tool = {
    ...(toolName.trim() !== '' && { name: toolName.trim() }),
    ...(toolDescription.trim() !== '' && { description: toolDescription.trim() }),
    ...fromHint('readOnly', hints.readOnly),
    ...fromHint('destructive', hints.destructive),
    ...fromHint('idempotent', hints.idempotent),
    ...fromHint('openWorld', hints.openWorld),
  };
  return Object.keys(tool).length === 0 ? true : tool;
}

const toHint = (given: boolean | undefined): Hint => (given === undefined ? 'auto' : given ? 'yes' : 'no');

const fromHint = (name: keyof Tool, hint: Hint): Tool => (hint === 'auto' ? {} : { [name]: hint === 'yes' });
