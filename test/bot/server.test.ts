import { describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { createMetrics } from '../../bot/metrics.ts';
import { createServer, type Check, type ServerParts } from '../../bot/server.ts';

const SECRET = 'what a resident wrote';

interface Rig {
  app: ReturnType<typeof createServer>;
  logged: string[];
}

function serve(parts: Partial<ServerParts> = {}): Rig {
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  return { app: createServer({ routes: [], checks: {}, metrics: createMetrics(), log, ...parts }), logged };
}

const failing = (error: unknown): Router => {
  const rejection = error instanceof Error ? error : new Error('not an error');
  const router = Router();
  router.get('/throws', () => {
    throw error;
  });
  router.get('/rejects', async () => {
    await Promise.reject(rejection);
  });
  router.get('/begun', (_request, response) => {
    response.write('begun');
    throw error;
  });
  return router;
};

describe('the HTTP front', () => {
  test.each([
    ['GET', '/nothing', 404],
    ['GET', '/healthz', 200],
    ['GET', '/metrics', 200],
    ['GET', '/readyz', 200],
  ] as const)('%s %s', async (_method, path, status) => {
    const answer = await request(serve().app).get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-powered-by']).toBeUndefined();
    expect(answer.headers['etag']).toBeUndefined();
  });

  test.each(['/throws', '/rejects'])('an error of ours tells nothing of itself: %s', async (path) => {
    const { app, logged } = serve({ routes: [failing(new Error(SECRET))] });
    const answer = await request(app).get(path);
    expect([answer.status, answer.text]).toEqual([500, 'Something went wrong; please try again\n']);
    expect(logged).toHaveLength(1);
  });

  test.each([
    ['one that says what it is', Object.assign(new Error(SECRET), { status: 413 }), 413],
    ['one that says nonsense', Object.assign(new Error(SECRET), { status: 99 }), 500],
    ['a text', SECRET, 500],
    ['nothing but a refusal', { status: 400 }, 400],
  ])('an error that is not ours: %s', async (_label, error, status) => {
    const answer = await request(serve({ routes: [failing(error)] }).app).get('/throws');
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(SECRET);
  });

  test('an answer that had begun is broken off, not ended as if it were whole', async () => {
    const { app } = serve({ routes: [failing(new Error(SECRET))] });
    await expect(request(app).get('/begun')).rejects.toThrow(/aborted|hang up/);
  });
});

describe('readiness', () => {
  const well: Check = () => Promise.resolve(null);
  const ill: Check = () => Promise.resolve('cannot be reached');

  test.each<[string, Record<string, Check>, number, object]>([
    ['all is well', { database: well, worker: well }, 200, { ready: true, checks: { database: 'ok', worker: 'ok' } }],
    [
      'one thing is not',
      { database: ill, worker: well },
      503,
      { ready: false, checks: { database: 'cannot be reached', worker: 'ok' } },
    ],
    ['there is nothing to look at', {}, 200, { ready: true, checks: {} }],
  ])('%s', async (_label, checks, status, body) => {
    const answer = await request(serve({ checks }).app).get('/readyz');
    expect([answer.status, answer.body]).toEqual([status, body]);
  });

  test('a check that fails itself is not readiness', async () => {
    const broken: Check = () => Promise.reject(new Error(SECRET));
    const answer = await request(serve({ checks: { broken } }).app).get('/readyz');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.text).not.toContain(SECRET);
  });
});
