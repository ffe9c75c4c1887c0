import { ApiError } from '../../../kernel/errors';
import type { FoundEndpoint } from '../../publishing/endpoints/get-endpoint';
import { assertCallerRoles, takesBearers, takesKeys } from '../access.rules';
import { compileKey } from '../key-access.rules';
import { toDescribed, type Described } from './described.rules';
import { callerAt, type Visitor } from './identify-visitor';

type Endpoints = readonly FoundEndpoint[];

/** Returns those endpoints of a folder and those below it that a visitor may call, and those that show themselves to all. */
export const visibleEndpoints = (endpoints: Endpoints, visitor: Visitor, folder: string): Described[] =>
  describedBy(endpoints, folder, (row) => visibleMethods(row, visitor));

/** Returns those endpoints of a folder and those below it that a visitor may call. */
export const callableEndpoints = (endpoints: Endpoints, visitor: Visitor, folder: string): Described[] =>
  describedBy(endpoints, folder, (row) => callableMethods(row, visitor));

const describedBy = (endpoints: Endpoints, folder: string, methodsOf: (row: FoundEndpoint) => string[]): Described[] =>
  endpoints
    .filter((row) => folder === '' || `${row.folder}/`.startsWith(`${folder}/`))
    .flatMap((row) => {
      const methods = methodsOf(row);
      return methods.length === 0 ? [] : [toDescribed(row, methods)];
    });

/** Returns the methods of an endpoint that a visitor sees; none for an endpoint that is hidden from them. */
function visibleMethods(row: FoundEndpoint, visitor: Visitor): string[] {
  const { docs, methods } = row.rules;
  if (docs === 'hidden') return [];
  if (docs === 'public' || row.accessLevel === 'public') return methods;
  return callableMethods(row, visitor);
}

/** Returns the methods that a visitor may call, as the steps of a call decide it, addresses aside. */
function callableMethods(row: FoundEndpoint, visitor: Visitor): string[] {
  const { accessLevel, rules } = row;
  if (accessLevel === 'public') return rules.methods;
  const { key } = visitor;
  const caller = callerAt(visitor, rules.issuers);
  if (caller.kind === 'anonymous' || !admits(() => assertCallerRoles(caller, rules.roles))) return [];
  if (key === null) return takesBearers(accessLevel) ? rules.methods : [];
  if (!takesKeys(accessLevel) || !row.keyIds.includes(key.id)) return [];
  const state = compileKey(key, row);
  return state.opens ? rules.methods.filter((method) => state.methods === null || state.methods.has(method)) : [];
}

function admits(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
