import { useEffect, useState } from 'react';
import type { Endpoint } from '../endpoint/endpoint.queries';

/** An issue at a JSON Pointer of the document, such as `/steps/0/when`. */
export interface WorkflowIssue {
  pointer: string;
  message: string;
  severity: 'error' | 'warning';
  line?: number | undefined;
  column?: number | undefined;
}

const REST_MS = 150;
const NONE: readonly WorkflowIssue[] = [];

/** Checks a workflow as a save does, by the very rules of the service, in the page: while it is written, without a connection. */
export function useWorkflowCheck(path: string, text: string, endpoint: Endpoint | null): readonly WorkflowIssue[] {
  const [issues, setIssues] = useState(NONE);
  useEffect(() => {
    let isLatest = true;
    const timer = setTimeout(() => {
      void check(path, text, endpoint).then((found) => isLatest && setIssues(found));
    }, REST_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [path, text, endpoint]);
  return issues;
}

async function check(path: string, text: string, endpoint: Endpoint | null): Promise<readonly WorkflowIssue[]> {
  // The policy of the page lets no text become code, so Zod must not try to. It reads this when a schema is made.
  const { config } = await import('zod');
  config({ jitless: true });
  // With the parser of expressions: only once a workflow is open.
  const { checkWorkflow } = await import('../../../../src/core/workflow/check/check.rules');
  const { placeIssues } = await import('../../../../src/core/workflow/document/place.rules');
  const { errors, warnings } = checkWorkflow(text, {
    path,
    ...(endpoint && {
      parameters: endpoint.parameters.map(({ name, required, default: value }) => ({
        name,
        always: required || value !== null,
      })),
      strict: endpoint.strict,
      access: endpoint.access.level,
      middleware: endpoint.access.middleware.length,
      secrets: endpoint.secrets,
    }),
  });
  return [
    ...placeIssues(text, errors, '').map((issue) => ({ ...issue, severity: 'error' as const })),
    ...placeIssues(text, warnings, '').map((issue) => ({ ...issue, severity: 'warning' as const })),
  ];
}

/** Returns the messages at a pointer, or below it. */
export function issuesAt(issues: readonly WorkflowIssue[], pointer: string): string | undefined {
  const found = issues.filter((issue) => issue.pointer === pointer || issue.pointer.startsWith(`${pointer}/`));
  return found.length === 0 ? undefined : [...new Set(found.map(({ message }) => message))].join('; ');
}
