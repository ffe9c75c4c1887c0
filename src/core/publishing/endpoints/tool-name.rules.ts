import type { EndpointRules } from './endpoint.schema';

const MAX_NAME_CHARS = 128;

/**
 * Returns the name of the tool that an endpoint is, or null without one: its own, or `get_orders_id` for GET orders/:id. POST, the
 * usual method, is left out. The same for all callers, whichever of its methods they may use.
 */
export function toolNameOf(path: string, { tool, methods }: Pick<EndpointRules, 'tool' | 'methods'>): string | null {
  if (tool === false) return null;
  if (tool !== true && tool.name !== undefined) return tool.name;
  const method = mainMethod(methods);
  const prefix = method === 'POST' ? '' : `${method.toLowerCase()}_`;
  return `${prefix}${path.replaceAll(/[^A-Za-z0-9.-]+/g, '_')}`.slice(0, MAX_NAME_CHARS);
}

/** Returns the method that a tool calls, of those that its caller may use. */
export const mainMethod = <M extends string>(methods: readonly M[]): M =>
  methods.find((each) => each !== 'HEAD' && each !== 'OPTIONS') ?? methods[0]!;

/** Returns the form in which names are compared: some clients, and most models, do not distinguish case. */
export const toolKeyOf = (name: string | null): string | null => name?.toLowerCase() ?? null;
