import { verb } from '../../access/verb';
import { endpointIdAt } from '../../runs/endpoint-filter';
import type { RenderError } from '../call';
import { openTest } from './open-test';
import { performTest } from './perform-test';
import type { TestEndpointInput, TestResult } from './test-endpoint.schema';

/**
 * Runs an endpoint once, in an isolate of its own that is thrown away, as is the storage of a shared instance: any version, as anyone,
 * without rate limit or method rules. A caller who would be refused live gets that error as the response; a mistake in the input of the
 * test or in the configuration of the endpoint is an error of the test. Missing parameters take their test values. Its effects on tables
 * and other services are permanent. The run is in the history as `test`, and in the response.
 */
export const testEndpoint = verb(
  'endpoint.test',
  async (ctx, id: string, input: TestEndpointInput, renderError: RenderError): Promise<TestResult> =>
    performTest(ctx, await openTest(ctx, id, input), renderError),
);

/** Runs the endpoint with an id or at a path, as `testEndpoint` does. */
export const testEndpointAt = verb(
  'endpoint.test',
  async (ctx, endpoint: string, input: TestEndpointInput, renderError: RenderError): Promise<TestResult> =>
    testEndpoint(ctx, await endpointIdAt(ctx, endpoint), input, renderError),
);
