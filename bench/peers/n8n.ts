import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOf, freePort, startNode, startPostgres, waitFor, WORK, type Peer } from './peer.ts';

const ID = 'benchTheTable001';

/** A webhook and a Code node, which may not load files: the work is part of its text. */
const WORKFLOW = {
  id: ID,
  name: 'bench',
  active: false,
  settings: {},
  nodes: [
    {
      id: 'webhook',
      name: 'Webhook',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      webhookId: 'bench',
      parameters: { httpMethod: 'POST', path: 'table', responseMode: 'lastNode', options: {} },
    },
    {
      id: 'work',
      name: 'Work',
      type: 'n8n-nodes-base.code',
      typeVersion: 2,
      position: [200, 0],
      parameters: {
        jsCode: `const module = {};
${readFileSync(WORK, 'utf8')}
const { headers, body: params } = $input.first().json;
const { status, body } = module.exports(headers['x-api-key'], params);
if (status !== 200) throw new Error(String(status));
return [{ json: body }];`,
      },
    },
  ],
  connections: { Webhook: { main: [[{ node: 'Work', type: 'main', index: 0 }]] } },
};

export const n8n: Peer = {
  name: 'n8n',
  packages: ['n8n@2.40.7'],
  isolates: 'code in a second process, in node:vm contexts that all workflows share; a time limit',
  logs: 'data of every node of each call, in PostgreSQL (here PGlite)',
  start: async (folder) => {
    const postgres = await startPostgres();
    const port = await freePort();
    const broker = await freePort();
    const env = {
      N8N_USER_FOLDER: folder,
      N8N_LISTEN_ADDRESS: '127.0.0.1',
      N8N_PORT: String(port),
      N8N_RUNNERS_BROKER_PORT: String(broker),
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      NODE_FUNCTION_ALLOW_BUILTIN: 'node:crypto',
      // A ping in the middle of a migration would end it: PGlite runs one query at a time.
      DB_PING_INTERVAL_SECONDS: '3600',
      DB_TYPE: 'postgresdb',
      DB_POSTGRESDB_HOST: '127.0.0.1',
      DB_POSTGRESDB_PORT: String(postgres.port),
      DB_POSTGRESDB_USER: 'postgres',
      DB_POSTGRESDB_PASSWORD: 'postgres',
      DB_POSTGRESDB_DATABASE: 'postgres',
    };
    const program = join('node_modules', 'n8n', 'bin', 'n8n');
    const command = (...args: string[]): void => {
      const { status, output } = spawnSync(process.execPath, [program, ...args], {
        cwd: folder,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`n8n ${args.join(' ')} failed: ${output.join('').slice(-1000)}`);
    };
    try {
      writeFileSync(join(folder, 'workflow.json'), JSON.stringify(WORKFLOW));
      command('import:workflow', '--input=workflow.json');
      command('publish:workflow', `--id=${ID}`);
    } catch (error) {
      postgres.stop();
      throw error;
    }
    return waitFor(callOf(`http://127.0.0.1:${port}/webhook/table`), [
      startNode(folder, [program, 'start'], env),
      postgres,
    ]);
  },
};
