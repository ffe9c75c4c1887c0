import { blankJavaScript } from './built-in/blank-javascript';
import { blankPython } from './built-in/blank-python';
import { blankTypeScript } from './built-in/blank-typescript';
import { blankWorkflow } from './built-in/blank-workflow';
import { echoRequest } from './built-in/echo-request';
import { getRowTemplate } from './built-in/get-row';
import { helloJson } from './built-in/hello-json';
import { insertAndReturnRow } from './built-in/insert-and-return-row';
import { mergePages } from './built-in/merge-pages';
import { proxyWithSecret } from './built-in/proxy-with-secret';
import { respondThenLog } from './built-in/respond-then-log';
import { updateOwnRow } from './built-in/update-own-row';
import { validateAndMapErrors } from './built-in/validate-and-map-errors';
import { warmCounter } from './built-in/warm-counter';
import { webhookReceiver } from './built-in/webhook-receiver';
import type { Template } from './template.schema';

/** All templates in the order of the list: simple ones first. */
export const TEMPLATES: readonly Template[] = [
  blankJavaScript,
  blankTypeScript,
  blankPython,
  blankWorkflow,
  helloJson,
  echoRequest,
  getRowTemplate,
  insertAndReturnRow,
  updateOwnRow,
  webhookReceiver,
  proxyWithSecret,
  respondThenLog,
  mergePages,
  validateAndMapErrors,
  warmCounter,
];
