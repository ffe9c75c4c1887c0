import type { EndpointParameter } from '../../parameters/parameter.schema';
import type { Normal } from '../documents/normal.rules';

export interface Links {
  /** Ids of keys by the names that documents use: aliases, or ids. */
  keys: ReadonlyMap<string, string>;
  executor: string | undefined;
  /** Present parameters of the endpoint. */
  parameters?: readonly EndpointParameter[];
  /** Former names of parameters, by their present ones. */
  formerNames?: Readonly<Record<string, string>>;
}

/** Builds the settings of an endpoint, as a creation takes them, from its document in normal form. */
export function toEndpointInput(
  document: Normal,
  { keys, executor, parameters = [], formerNames = {} }: Links,
): Normal {
  const { handler, version = null, executor: _executor, access, parameters: listed, ...rest } = document;
  const { keys: aliases = [], ...others } = (access ?? {}) as { keys?: string[] };
  const idOf = (name: string): string | undefined => parameters.find((parameter) => parameter.name === name)?.id;
  return {
    ...rest,
    handler: { path: handler, version },
    ...(executor === undefined ? {} : { executor }),
    access: { ...others, keys: aliases.map((alias) => keys.get(alias) ?? alias) },
    parameters: ((listed ?? []) as { name: string }[]).map((parameter) => {
      const id = idOf(parameter.name) ?? idOf(formerNames[parameter.name] ?? '');
      return id === undefined ? parameter : { id, ...parameter };
    }),
  };
}
