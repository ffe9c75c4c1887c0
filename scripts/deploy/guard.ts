/** Wrangler's commands that send a Worker to an account. */
const SENDING = ['deploy', 'versions upload'];

/**
 * Throws an Error in a build that wrangler runs for a deploy from wrangler.toml: with another --name, for example, it would take the Workflow
 * of production. `npm run deploy` gives wrangler a file of its own, which has no build command.
 */
export function refusePlainDeploy(command = process.env.WRANGLER_COMMAND): void {
  if (command === undefined || !SENDING.includes(command)) return;
  throw new Error(
    'Deploy with `npm run deploy` or `npm run deploy -- --env NAME`: wrangler alone could change another environment.',
  );
}
