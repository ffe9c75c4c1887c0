/** A workflow or middleware as the text of its file. */
export const workflowSource = (
  steps: object[],
  head: { kind?: 'workflow' | 'middleware'; description?: string; parameters?: object[] } = {},
): string => `${JSON.stringify({ kind: 'workflow', ...head, steps }, null, 2)}\n`;
