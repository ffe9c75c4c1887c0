import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { RunIndex } from '../../src/entrypoints/run-index.do';

const upgrade = (listener: string): Request =>
  new Request('https://run-index/', { headers: { upgrade: 'websocket', 'x-listener': listener } });

test('a listener that has just closed keeps no batch from the others', () =>
  runInDurableObject(env.RUN_INDEX.getByName('closing'), async (index: RunIndex, state) => {
    const sockets: WebSocket[] = [];
    for (const listener of ['usr_1', 'usr_2', 'usr_3']) {
      const { webSocket } = await index.fetch(upgrade(listener));
      webSocket!.accept();
      sockets.push(webSocket!);
    }
    const arrived = new Promise((resolve) => sockets[2]!.addEventListener('message', ({ data }) => resolve(data)));
    sockets[0]!.close();
    state.getWebSockets('usr_2')[0]!.close();
    expect(index.publish(new Uint8Array([1]))).toBe(true);
    expect(await arrived).toBeTruthy();
  }));

test('a listener whose objects do not answer takes no seat', () =>
  runInDurableObject(env.RUN_INDEX.getByName('failing'), async (index: RunIndex) => {
    index.enter({ day: '9000-01-01', shard: '0', part: 0 });
    const publishAll = () => Promise.reject(new Error('away'));
    Object.assign(index, { env: { ...env, RUN_DAY: { getByName: () => ({ publishAll }) } } });
    await expect(index.fetch(upgrade('usr_4'))).rejects.toThrow('away');
    expect(index.publish(new Uint8Array([1]))).toBe(false);
  }));
