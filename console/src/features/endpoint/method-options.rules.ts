import type { Endpoint } from './endpoint.queries';

const METHODS: readonly Endpoint['methods'][number][] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The methods of calls, as a list offers them. */
export const METHOD_OPTIONS = METHODS.map((value) => ({ value, label: value }));
