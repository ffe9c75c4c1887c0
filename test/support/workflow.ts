import type { SavedEndpoint } from '../../src/core/publishing/endpoints/endpoint.schema';
import { createVersion } from '../../src/core/publishing/handlers/create-version';
import type { Handler, SavedVersion } from '../../src/core/publishing/handlers/handler.schema';
import { testContext } from './context';
import { publish, saveHandler, unique, type EndpointOptions } from './publish';

export const workflow = (...steps: object[]): string => JSON.stringify({ kind: 'workflow', steps });
export const respond = (body: unknown, more: object = {}): object => ({ id: 'answer', do: 'respond', body, ...more });

export const publishWorkflow = (
  steps: object[],
  options: EndpointOptions = {},
): Promise<{ endpoint: SavedEndpoint; handler: Handler }> => publish(workflow(...steps), options, 'workflow.json');

/** A middleware, saved and deployed. */
export const saveMiddleware = (steps: object[], parameters: object[] = []): Promise<Handler> =>
  saveHandler(JSON.stringify({ kind: 'middleware', parameters, steps }), `${unique('mw')}.workflow.json`);

export const saveVersion = (handler: { id: string }, source: string, deploy = true): Promise<SavedVersion> =>
  createVersion(testContext(), handler.id, { source, note: '', deploy }, null);
