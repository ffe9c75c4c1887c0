import type { Action } from './action';
import { call } from './actions/call';
import { code } from './actions/code';
import { each } from './actions/each';
import { httpRequest } from './actions/http-request';
import { ifStep } from './actions/if';
import { log } from './actions/log';
import { respond } from './actions/respond';
import { set } from './actions/set';
import { sleep } from './actions/sleep';
import { stop } from './actions/stop';
import { switchStep } from './actions/switch';
import { tableDelete } from './actions/table-delete';
import { tableGet } from './actions/table-get';
import { tableInsert } from './actions/table-insert';
import { tableUpdate } from './actions/table-update';
import { throwStep } from './actions/throw';
import { tryStep } from './actions/try';
import { whileStep } from './actions/while';

/** Every action, in the order that the JSON Schema and the guide list them. */
export const ACTIONS: readonly Action[] = [
  set,
  ifStep,
  switchStep,
  each,
  whileStep,
  tryStep,
  throwStep,
  stop,
  call,
  code,
  tableGet,
  tableInsert,
  tableUpdate,
  tableDelete,
  httpRequest,
  respond,
  log,
  sleep,
];

const byName = new Map(ACTIONS.map((action) => [action.name, action]));

export const findAction = (name: string): Action | undefined => byName.get(name);
