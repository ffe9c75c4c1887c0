import type { Issue } from '../../../kernel/errors';
import { nameFor } from '../../parameters/parameter-name.rules';
import type { AccessLevel, EndpointRules } from '../endpoints/endpoint.schema';
import { withPathNames } from '../endpoints/endpoint-path.rules';
import { checkAttachment } from './attachment.rules';
import { checkWorkflow, type CheckContext } from '../../workflow/check/check.rules';
import type { Workflow } from '../../workflow/document/workflow.schema';

/** The facts about an endpoint that the checks of a workflow need. */
export interface AroundWorkflow {
  path: string;
  accessLevel: AccessLevel;
  rules: EndpointRules;
}
export interface Issues {
  errors: Issue[];
  warnings: Issue[];
}

/** Returns an endpoint as the workflow of this handler and version sees it. Null: as middleware sees it, with the current names. */
function surroundingsOf(
  { path, accessLevel, rules }: AroundWorkflow,
  version: { handler: string; version: number } | null,
): CheckContext {
  return {
    parameters: withPathNames(rules.parameters, path).map((parameter) => ({
      name: version === null ? parameter.name : nameFor(parameter, version.handler, version.version),
      always: parameter.required || parameter.default !== null,
    })),
    strict: rules.strict,
    access: accessLevel,
    middleware: rules.middleware.length,
    secrets: rules.secrets,
  };
}

/** Returns the issues of a workflow that are specific to this endpoint. */
export function issuesInEndpoint(
  source: string,
  around: AroundWorkflow,
  version: { handler: string; version: number },
): Issues {
  return without(checkWorkflow(source, surroundingsOf(around, version)), checkWorkflow(source));
}

/** Returns the issues of the `index`-th middleware of an endpoint, with its values, whose pointers are below `/with`. */
export function issuesOfAttachment(
  middleware: { source: string; workflow: Workflow },
  index: number,
  around: AroundWorkflow,
): { inSource: Issues; inValues: Issues } {
  const { secrets, access } = surroundingsOf(around, null);
  const inSource = checkWorkflow(middleware.source, {
    middleware: index,
    ...(secrets && { secrets }),
    ...(access && { access }),
  });
  const attachment = around.rules.middleware[index]!;
  return {
    inSource: without(inSource, checkWorkflow(middleware.source)),
    inValues: checkAttachment(middleware.workflow, attachment, { ...surroundingsOf(around, null), middleware: index }),
  };
}

function without(found: Issues, known: Issues): Issues {
  const fresh = (issues: Issue[], old: Issue[]): Issue[] => {
    const seen = new Set(old.map(keyOf));
    return issues.filter((issue) => !seen.has(keyOf(issue)));
  };
  return { errors: fresh(found.errors, known.errors), warnings: fresh(found.warnings, known.warnings) };
}

const keyOf = ({ pointer, code, message }: Issue): string => `${pointer} ${code} ${message}`;
