import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as EarlierTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, test } from 'vitest';
import type { AdminClient } from '../../scripts/admin-client.ts';
import type { Visit } from './support/visit.ts';

interface Named {
  name: string;
}
/** Common methods of both generations of the official client. */
interface AnyClient {
  listTools: () => Promise<{ tools: Named[] }>;
  callTool: (params: { name: string; arguments: Record<string, unknown> }) => Promise<Record<string, unknown>>;
  close: () => Promise<void>;
}

const SOURCE = `export default ({ amount }) => {
  if (amount > 100) throw new Error('too much');
  return { total: amount * 2 };
};`;

/** Both generations of the official client list and call tools, in the revisions that they speak. */
export function clientsOfMcpWork(visit: Visit): void {
  let key = '';
  const options = (): { requestInit: RequestInit } => ({ requestInit: { headers: { 'x-api-key': key } } });
  const url = (): URL => new URL(`${visit.origin}/mcp/tools`);
  const info = { name: 'test', version: '1' };
  const open: Record<string, () => Promise<AnyClient>> = {
    'the client of revision 2025-11-25': async () => {
      const client = new EarlierClient(info);
      // Its types of optional properties are not exact.
      await client.connect(new EarlierTransport(url(), options()) as Parameters<EarlierClient['connect']>[0]);
      return client as AnyClient;
    },
    'the newest client, which negotiates': async () => {
      const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
      await client.connect(new StreamableHTTPClientTransport(url(), options()));
      return client as AnyClient;
    },
    'the newest client with a handshake': async () => {
      const client = new Client(info, { versionNegotiation: { mode: 'legacy' } });
      await client.connect(new StreamableHTTPClientTransport(url(), options()));
      return client as AnyClient;
    },
    'the newest client, pinned to revision 2026-07-28': async () => {
      const client = new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
      await client.connect(new StreamableHTTPClientTransport(url(), options()));
      return client as AnyClient;
    },
  };

  test('an endpoint is published as a tool', async () => {
    const admin: AdminClient = await visit.signIn();
    const made = await admin.post<{ id: string; key: string }>('/admin/keys', { alias: 'mcp' }, 'mcp-key');
    key = made.key;
    await admin.post('/admin/handlers', { path: 'double.js', source: SOURCE });
    await admin.post('/admin/endpoints', {
      path: 'double/:unit',
      folder: 'tools',
      tool: { name: 'double', description: 'Doubles an amount' },
      handler: { path: 'double.js' },
      access: { keys: [made.id] },
      parameters: [{ name: 'amount', type: 'number', required: true }],
      response: { schema: { type: 'object', required: ['total'], properties: { total: { type: 'number' } } } },
    });
  });

  test.each(Object.keys(open))('%s', async (name) => {
    const client = await open[name]!();
    try {
      expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['double']);
      const call = (args: Record<string, unknown>) => client.callTool({ name: 'double', arguments: args });
      expect(await call({ unit: 'EUR', amount: 21 })).toMatchObject({ structuredContent: { total: 42 } });
      const refused = await call({ unit: 'EUR', amount: 'much' });
      expect([refused.isError, JSON.stringify(refused.content)]).toEqual([
        true,
        expect.stringContaining('#/body/amount'),
      ]);
      expect((await call({ unit: 'EUR', amount: 101 })).isError).toBe(true);
      await expect(client.callTool({ name: 'none', arguments: {} })).rejects.toThrow('Unknown tool');
    } finally {
      await client.close();
    }
  });
}
