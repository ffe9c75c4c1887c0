import type { Command } from './command.ts';

interface Entry {
  summary: string;
  load: () => Promise<Command>;
}

/** The commands, in the order of the help. Each is loaded when it is run. */
export const COMMANDS: Record<string, Entry> = {
  init: { summary: 'Make a project in a folder', load: async () => (await import('./commands/init.ts')).init },
  login: { summary: 'Sign in to a service', load: async () => (await import('./commands/login.ts')).login },
  logout: { summary: 'Remove the token of a service', load: async () => (await import('./commands/login.ts')).logout },
  whoami: { summary: 'Show as whom the command acts', load: async () => (await import('./commands/login.ts')).whoami },
  status: {
    summary: 'List what differs from a service',
    load: async () => (await import('./commands/plan.ts')).status,
  },
  plan: { summary: 'Show what a push would do', load: async () => (await import('./commands/plan.ts')).plan },
  diff: { summary: 'Show fields and lines that differ', load: async () => (await import('./commands/diff.ts')).diff },
  push: {
    summary: 'Make a service have what the folder has',
    load: async () => (await import('./commands/push.ts')).push,
  },
  pull: {
    summary: 'Take changes of a service into the files',
    load: async () => (await import('./commands/pull.ts')).pull,
  },
  dev: {
    summary: 'Push whenever a file is saved, and show runs',
    load: async () => (await import('./commands/dev.ts')).dev,
  },
  run: { summary: 'Run an endpoint once with test values', load: async () => (await import('./commands/run.ts')).run },
  runs: { summary: 'List the last runs', load: async () => (await import('./commands/runs.ts')).runs },
  logs: {
    summary: 'Show the log lines and the error of a run',
    load: async () => (await import('./commands/runs.ts')).logs,
  },
  tail: { summary: 'Follow runs as they are stored', load: async () => (await import('./commands/runs.ts')).tail },
  rollback: {
    summary: 'Serve an earlier version of a handler',
    load: async () => (await import('./commands/values.ts')).rollback,
  },
  secrets: {
    summary: 'List, set and delete secrets',
    load: async () => (await import('./commands/values.ts')).secrets,
  },
  keys: {
    summary: 'List keys, and give one a new value',
    load: async () => (await import('./commands/values.ts')).keys,
  },
  packages: {
    summary: 'List the sets of Python packages',
    load: async () => (await import('./commands/packages.ts')).packages,
  },
  types: {
    summary: 'Write portico.d.ts, the types of handlers',
    load: async () => (await import('./commands/types.ts')).types,
  },
  openapi: {
    summary: 'Print the OpenAPI document of the endpoints',
    load: async () => (await import('./commands/describe.ts')).openapi,
  },
  client: {
    summary: 'Print a TypeScript client of the endpoints',
    load: async () => (await import('./commands/describe.ts')).client,
  },
  mcp: {
    summary: 'Print the configuration of MCP for agents',
    load: async () => (await import('./commands/describe.ts')).mcp,
  },
  tokens: {
    summary: 'List, make and revoke personal tokens',
    load: async () => (await import('./commands/tokens.ts')).tokens,
  },
  export: {
    summary: 'Write all definitions of a service to a file',
    load: async () => (await import('./commands/export.ts')).exportAll,
  },
  import: {
    summary: 'Make the definitions of an export in a service',
    load: async () => (await import('./commands/import.ts')).importAll,
  },
  completion: {
    summary: 'Print a script that completes commands in a shell',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  check: {
    summary: 'Check the handlers with the compiler',
    load: async () => (await import('./commands/types.ts')).check,
  },
};
