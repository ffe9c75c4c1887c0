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
  push: {
    summary: 'Make a service have what the folder has',
    load: async () => (await import('./commands/push.ts')).push,
  },
};
