/** What the process of the service is told. */
export type ToServe =
  | { type: 'start'; port: number; persistTo: string; vars: string; control: { path: string; token: string } }
  | { type: 'restart' };

/** What it tells: a new workerd serves now. */
export type FromServe = { type: 'restarted' };
