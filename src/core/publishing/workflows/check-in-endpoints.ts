import type { EndpointRow } from '../../../storage/endpoints';
import type { HandlerRow } from '../../../storage/handlers';
import type { EndpointsAround } from '../endpoints/endpoints-around';
import type { Issue } from '../../../kernel/errors';
import { checkWorkflow } from '../../workflow/check/check.rules';
import { issuesInEndpoint, issuesOfAttachment, type Issues } from './in-endpoint.rules';
import { placeIssues } from '../../workflow/document/place.rules';

export interface PlacedIssues {
  errors: Issue[];
  warnings: Issue[];
}

/** Checks a version of a workflow or middleware in the endpoints that will run it once deployed. Messages name the endpoint. */
export function checkInEndpoints(
  handler: Pick<HandlerRow, 'id' | 'path'>,
  source: string,
  version: number,
  { linked, attaching }: EndpointsAround,
): PlacedIssues {
  const { workflow } = checkWorkflow(source);
  if (workflow === null) return { errors: [], warnings: [] };
  const found: Issues[] = [];
  for (const endpoint of linked) {
    if (workflow.kind === 'middleware') found.push(named(endpoint, { errors: [NOT_A_HANDLER], warnings: [] }));
    else found.push(named(endpoint, issuesInEndpoint(source, endpoint, { handler: handler.id, version })));
  }
  for (const endpoint of attaching) {
    endpoint.rules.middleware.forEach((attachment, index) => {
      if (attachment.handler !== handler.path) return;
      const { inSource, inValues } = issuesOfAttachment({ source, workflow }, index, endpoint);
      // The values are in the endpoint, not in this source.
      const whole = (issues: Issue[]): Issue[] =>
        issues.map((issue) => ({
          ...issue,
          pointer: '',
          message: `middleware ${index}${issue.pointer}: ${issue.message}`,
        }));
      found.push(
        named(endpoint, inSource),
        named(endpoint, { errors: whole(inValues.errors), warnings: whole(inValues.warnings) }),
      );
    });
  }
  return {
    errors: placeIssues(
      source,
      found.flatMap(({ errors }) => errors),
    ),
    warnings: placeIssues(
      source,
      found.flatMap(({ warnings }) => warnings),
    ),
  };
}

/** A middleware can only refuse callers. */
export const NOT_A_HANDLER: Issue = {
  pointer: '/kind',
  code: 'invalid_field',
  message: 'a middleware cannot answer calls: link a workflow and attach this to it',
};

function named({ path }: EndpointRow, { errors, warnings }: Issues): Issues {
  const say = (issue: Issue): Issue => ({ ...issue, message: `in the endpoint ${path}: ${issue.message}` });
  return { errors: errors.map(say), warnings: warnings.map(say) };
}
