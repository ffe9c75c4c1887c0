/** Messages to the process of the service. */
export type ToServe =
  | { type: 'start'; port: number; persistTo: string; vars: string; control: { path: string; token: string } }
  | { type: 'restart' };

/** Message from it: a new workerd serves. */
export type FromServe = { type: 'restarted' };
