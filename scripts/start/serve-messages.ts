/** Messages to the process of the service. */
export type ToServe =
  | { kind: 'start'; port: number; persistTo: string; vars: string; control: { prefix: string; token: string } }
  | { kind: 'restart' };

/** Message from it: a new workerd serves. */
export type FromServe = { kind: 'restarted' };
