/**
 * Watches a script while it runs. The shell returns the output of a script only when it has ended, so scripts/build-shell.ts makes its
 * interpreter call `watch` of a statement that has one.
 */

/** Statements after which other work gets a turn: about 20 ms. A local service has one thread for all. */
const STATEMENTS_PER_TURN = 2000;

/**
 * A plugin of the shell that marks the statements whose output is the script's own: not those in a substitution, a pipeline, a function
 * or under a redirection, whose output is reported with the statement around it.
 * @param {(stdout: string, stderr: string, kind?: string) => Promise<unknown>} report receives the output of a statement
 */
export function watchOutput(report) {
  let isNested = false;
  return {
    name: 'watch-output',
    transform({ ast, metadata }) {
      // Scripts that the script runs come here too; their output is reported with the command that runs them.
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

/** Returns the lists of statements in a single compound command without redirections; undefined for everything else. */
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

/** Called by the interpreter after each statement with its result, or with an error that carries output. */
export async function afterStatement(statement, result) {
  if (statement.watch && (result.stdout || result.stderr)) await statement.watch(result);
  if (++statements % STATEMENTS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
}
