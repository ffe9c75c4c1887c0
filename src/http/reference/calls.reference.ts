import { METHODS } from '../../kernel/http-methods';
import type { References } from './reference';

/** The operationId of a call with a method: `callEndpointWithPost`. */
export const callId = (prefix: string, method: string): string =>
  `${prefix}With${method.charAt(0)}${method.slice(1).toLowerCase()}`;

const DESCRIPTION =
  'Runs the handler of the endpoint. Its settings define the methods, credentials and parameters; the response is that of the handler. [A call, step by step](/docs/guides/calls)';

/** One method has an example; the others are called alike. */
const referencesOf = (prefix: string): References =>
  Object.fromEntries(
    METHODS.map((method) => [
      callId(prefix, method),
      { description: DESCRIPTION, params: { path: 'quote' }, ...(method === 'POST' ? { body: { amount: 10 } } : {}) },
    ]),
  );

export const callReferences: References = {
  ...referencesOf('callEndpoint'),
  ...referencesOf('callInstabaseEndpoint'),
};
