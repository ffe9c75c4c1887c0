import type { EndpointParameter } from './parameter.schema';

/**
 * The name under which one version of a handler knows a parameter. Versions that were there when it was renamed go on under the name
 * that they were written with; every later one has the new name.
 */
export function nameFor({ name, aliases = [] }: EndpointParameter, handlerId: string, version: number): string {
  const own = aliases.filter((alias) => alias.handler === handlerId && version <= alias.version);
  return own.reduce((oldest, alias) => (alias.version < oldest.version ? alias : oldest), {
    name,
    version: Number.POSITIVE_INFINITY,
  }).name;
}

/** The name that callers send a parameter under. */
export const sentName = ({ name, sentAs }: Pick<EndpointParameter, 'name' | 'sentAs'>): string => sentAs ?? name;

/** What callers may send for a parameter, in order of preference. A name that another parameter has now is that one's. */
export const acceptedNames = (parameter: EndpointParameter, all: readonly EndpointParameter[]): string[] => [
  sentName(parameter),
  ...(parameter.aliases ?? [])
    .map((alias) => alias.name)
    .filter(
      (alias, index, list) =>
        list.indexOf(alias) === index && !all.some((other) => other.name === alias || sentName(other) === alias),
    ),
];

/** A parameter that goes on under another name. */
export interface RenamedParameter {
  id: string;
  from: string;
  to: string;
}

/** Parameters that keep their id and change their name. */
export const findRenames = (
  before: readonly EndpointParameter[],
  after: readonly EndpointParameter[],
): RenamedParameter[] =>
  after.flatMap(({ id, name: to }) => {
    const from = before.find((parameter) => parameter.id === id)?.name;
    return from === undefined || from === to ? [] : [{ id, from, to }];
  });

/**
 * The parameters of a write with their aliases: those that were there stay unless the write names its own list, and a renamed one gets
 * its old name as another, good for the handler's versions up to `latest`.
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

/** Names that one parameter may have had; the oldest is forgotten first. */
export const MAX_ALIASES = 10;
