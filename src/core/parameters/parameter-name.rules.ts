import type { EndpointParameter } from './parameter.schema';

/**
 * Returns the name under which one version of a handler knows a parameter. Versions that existed when it was renamed keep the name that
 * they were written with; every later version has the new name.
 */
export function nameFor({ name, aliases = [] }: EndpointParameter, handlerId: string, version: number): string {
  const own = aliases.filter((alias) => alias.handler === handlerId && version <= alias.version);
  return own.reduce((oldest, alias) => (alias.version < oldest.version ? alias : oldest), {
    name,
    version: Number.POSITIVE_INFINITY,
  }).name;
}

/** Returns the name under which callers send a parameter. */
export const sentName = ({ name, sentAs }: Pick<EndpointParameter, 'name' | 'sentAs'>): string => sentAs ?? name;

/** Returns the names that callers may send, in order of preference. Leaves out names that another parameter has now. */
export const acceptedNames = (parameter: EndpointParameter, all: readonly EndpointParameter[]): string[] => [
  sentName(parameter),
  ...(parameter.aliases ?? [])
    .map((alias) => alias.name)
    .filter(
      (alias, index, list) =>
        list.indexOf(alias) === index && !all.some((other) => other.name === alias || sentName(other) === alias),
    ),
];

/** A parameter with a new name. */
export interface RenamedParameter {
  id: string;
  from: string;
  to: string;
}

/** Finds the parameters that keep their id and change their name. */
export const findRenames = (
  before: readonly EndpointParameter[],
  after: readonly EndpointParameter[],
): RenamedParameter[] =>
  after.flatMap(({ id, name: to }) => {
    const from = before.find((parameter) => parameter.id === id)?.name;
    return from === undefined || from === to ? [] : [{ id, from, to }];
  });

/**
 * Returns the parameters of a write with their aliases. Existing aliases stay unless the write has a list of its own; a renamed parameter
 * gets its old name as an alias, for the handler's versions up to `latest`.
 */
export const withAliases = (
  after: readonly EndpointParameter[],
  before: readonly EndpointParameter[],
  handler: { id: string; latest: number },
): EndpointParameter[] =>
  after.map((parameter) => {
    const earlier = before.find(({ id }) => id === parameter.id);
    const kept = parameter.aliases ?? earlier?.aliases ?? [];
    const renamed =
      earlier === undefined || earlier.name === parameter.name
        ? []
        : [{ name: earlier.name, handler: handler.id, version: handler.latest }];
    const aliases = [...kept, ...renamed].slice(-MAX_ALIASES);
    const { aliases: _given, ...rest } = parameter;
    return aliases.length === 0 ? rest : { ...rest, aliases };
  });

/** Aliases of one parameter; the oldest is dropped first. */
export const MAX_ALIASES = 10;
