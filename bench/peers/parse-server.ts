import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOf, freePort, startNode, startPostgres, waitFor, WORK, type Peer } from './peer.ts';

const CLOUD = `const work = require(${JSON.stringify(WORK)});
Parse.Cloud.define('table', ({ params, headers }) => {
  const { status, body } = work(headers['x-api-key'], params);
  if (status !== 200) throw new Parse.Error(Parse.Error.SCRIPT_FAILED, String(status));
  return body;
});
`;

const SERVER = `const express = require('express');
const { ParseServer } = require('parse-server');
const { PORT, DATABASE } = process.env;
const parse = new ParseServer({
  databaseURI: DATABASE,
  cloud: __dirname + '/cloud.cjs',
  appId: 'bench',
  masterKey: 'bench-master-key',
  serverURL: 'http://127.0.0.1:' + PORT + '/parse',
  silent: true,
});
parse.start().then(() => express().use('/parse', parse.app).listen(Number(PORT), '127.0.0.1'));
`;

export const parseServer: Peer = {
  name: 'Parse Server',
  packages: ['parse-server@9.10.0'],
  isolates: 'none: functions are modules of the server',
  logs: 'input and result of each call, as a line of a file',
  start: async (folder) => {
    const postgres = await startPostgres();
    const port = await freePort();
    writeFileSync(join(folder, 'cloud.cjs'), CLOUD);
    writeFileSync(join(folder, 'server.cjs'), SERVER);
    const database = `postgres://postgres:postgres@127.0.0.1:${postgres.port}/postgres`;
    const started = startNode(folder, ['server.cjs'], { PORT: String(port), DATABASE: database });
    const target = callOf(`http://127.0.0.1:${port}/parse/functions/table`, { 'x-parse-application-id': 'bench' });
    return waitFor(target, [started, postgres]);
  },
};
