/**
 * Watches a script while it runs. The shell hands out what a script printed when the whole script has ended, so scripts/build-shell.ts
 * makes its interpreter call `watch` of a statement that has one.
 */

/** Statements after which other work gets a turn: about 20 ms. A local service has one thread for all. */
const STATEMENTS_PER_TURN = 2000;

/**
 * A plugin of the shell that marks the statements whose output is the script's own: not those in a substitution, a pipeline, a function
 * or under a redirection, which is told with the statement around it.
 * @param {(stdout: string, stderr: string, kind?: string) => Promise<unknown>} report what a statement printed
 */
export function watchOutput(report) {
  let isNested = false;
  return {
    name: 'watch-output',
    transform({ ast, metadata }) {
      // Scripts that the script runs come here too; what they print is told with the command that runs them.
      if (!isNested) mark(ast.statements, report);
      isNested = true;
      return { ast, metadata };
    },
  };
}

function mark(statements, report) {
  for (const statement of statements ?? []) {
    const inner = innerOf(statement);
    if (inner) for (const list of inner) mark(list, report);
    else statement.watch = (result) => report(result.stdout ?? '', result.stderr ?? '', kindOf(result));
  }
}

// Bytes come as one character each.
const kindOf = ({ stdoutKind, stdoutEncoding }) => stdoutKind ?? stdoutEncoding;

/** The lists of statements in a lone compound command without redirections; undefined for everything else. */
function innerOf({ pipelines, background }) {
  const [command, ...more] = pipelines.flatMap(({ commands }) => commands);
  if (background || more.length > 0 || !command || (command.redirections ?? []).length > 0) return undefined;
  switch (command.type) {
    case 'If':
      return [...command.clauses.flatMap(({ condition, body }) => [condition, body]), command.elseBody];
    case 'While':
    case 'Until':
      return [command.condition, command.body];
    case 'For':
    case 'CStyleFor':
    case 'Group':
    case 'Subshell':
      return [command.body];
    case 'Case':
      return command.items.map(({ body }) => body);
    default:
      return undefined;
  }
}

let statements = 0;

/** Called by the interpreter with every statement that has ended, and what it came to: a result, or an error that carries output. */
export async function afterStatement(statement, result) {
  if (statement.watch && (result.stdout || result.stderr)) await statement.watch(result);
  if (++statements % STATEMENTS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
}
