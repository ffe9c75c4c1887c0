import type { Action } from '../language/action';
import { call } from './call';
import { code } from './code';
import { each } from './each';
import { httpRequest } from './http-request';
import { ifStep } from './if';
import { log } from './log';
import { respond } from './respond';
import { set } from './set';
import { sleep } from './sleep';
import { stop } from './stop';
import { switchStep } from './switch';
import { tableDelete } from './table-delete';
import { tableGet } from './table-get';
import { tableInsert } from './table-insert';
import { tableUpdate } from './table-update';
import { throwStep } from './throw';
import { tryStep } from './try';
import { whileStep } from './while';

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
