import { Agent, createServer, get } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { closeServer, listen } from '../../bot/listen.ts';
import { until } from '../support/until.ts';

describe('closing', () => {
  test('clients that keep their connections busy do not keep the server open', async () => {
    const server = createServer((_request, response) => {
      setTimeout(() => response.end('ok'), 20); // so that at every moment some connection is busy
    });
    const url = await listen(server, 0, '127.0.0.1');
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const connections: (string | undefined)[] = [];
    let refused = 0;
    const ask = (): void => {
      get(url, { agent }, (response) => {
        connections.push(response.headers.connection);
        response.resume().on('end', ask);
      }).on('error', () => refused++);
    };
    for (let i = 0; i < 8; i++) ask();
    await until(() => connections.length > 20);
    const began = performance.now();
    await closeServer(server);
    const took = performance.now() - began;
    await until(() => refused === 8);
    agent.destroy();
    expect(connections.slice(0, 8)).toEqual(Array(8).fill('keep-alive'));
    expect(took).toBeLessThan(4000);
  });
});
