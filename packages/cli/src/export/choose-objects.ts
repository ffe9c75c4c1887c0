import { isObject } from '../../../../src/kernel/json.rules.ts';
import { rolesOfIssuers, type Issuer } from '../../../../src/core/publishing/endpoints/issuer.schema.ts';

export interface Chosen {
  kind: string;
  identity: string;
  document?: Record<string, unknown> | undefined;
}

/** Returns the endpoints of a folder, and below it, with the handlers, keys, secrets and roles that they name. */
export function objectsOf<T extends Chosen>(objects: readonly T[], folder: string): T[] {
  const endpoints = objects.filter(({ kind, document }) => {
    const own = String(document?.folder ?? '');
    return kind === 'endpoint' && (own === folder || own.startsWith(`${folder}/`));
  });
  const named = new Set(endpoints.flatMap(({ document }) => namesIn(document ?? {})));
  const direct = objects.filter(({ kind, identity }) => named.has(`${kind} ${identity}`));
  for (const { kind, document } of direct)
    if (kind === 'key' || kind === 'secret') for (const role of listOf(document?.roles)) named.add(`role ${role}`);
  return objects.filter((one) => endpoints.includes(one) || named.has(`${one.kind} ${one.identity}`));
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function namesIn(document: Record<string, unknown>): string[] {
  const access = isObject(document.access) ? document.access : {};
  const response = isObject(document.response) ? document.response : {};
  const roles = isObject(access.roles) ? listOf(access.roles.names) : [];
  const issuers = Array.isArray(access.issuers) ? (access.issuers as Issuer[]) : [];
  const middleware = Array.isArray(access.middleware) ? access.middleware.filter(isObject) : [];
  return [
    ...[document.handler, ...middleware.map(({ handler }) => handler), ...listOf(response.after), document.onError].map(
      (handler) => `handler ${String(handler)}`,
    ),
    ...listOf(access.keys).map((key) => `key ${key}`),
    ...[...roles, ...rolesOfIssuers(issuers)].map((role) => `role ${role}`),
    ...listOf(document.secrets).map((secret) => `secret ${secret}`),
  ];
}
