import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { findMongod, mongodArgs, prefersMongod } from '../../../models/embedded/mongod.ts';
import { placesIn } from '../../../models/embedded/places.ts';
import { startEmbedded } from '../../../models/embedded/start.ts';
import { serverCommand, startServer } from './test-server.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shuni-server-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Card {
  readonly pid: number;
  readonly socket: string;
}

function card(): Card {
  return JSON.parse(readFileSync(join(dir, 'db', 'server.json'), 'utf8')) as Card;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 400 && alive(pid); wait += 1) await delay(25);
  return !alive(pid);
}

async function runToEnd(args: readonly string[]): Promise<{ code: number | null; complaint: string }> {
  const [command = '', ...rest] = serverCommand(dir, args);
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, complaint };
}

describe('one folder, one server', () => {
  test('a second server is refused with a clear message, and the first goes on', async () => {
    const server = await startServer({ dir });
    const second = await runToEnd([]);
    expect(second.code).toBe(3);
    expect(second.complaint).toContain('another embedded database server is already running');
    const client = await mongo.MongoClient.connect(server.uri);
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await server.stop();
  }, 30_000);

  test('of two servers that start at the same moment one remains', async () => {
    const starts = await Promise.allSettled([startServer({ dir }), startServer({ dir })]);
    const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    expect(running).toHaveLength(1);
    await running[0]?.stop();
  }, 30_000);

  test('a killed server leaves nothing that stops the next', async () => {
    const first = await startServer({ dir });
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    const second = await startServer({ dir });
    expect(second.pid).not.toBe(first.pid);
    await second.stop();
    expect(existsSync(second.socket)).toBe(false);
  }, 30_000);

  test('only its owner can reach it', async () => {
    const server = await startServer({ dir });
    expect(statSync(server.socket).mode & 0o077).toBe(0);
    expect(statSync(join(dir, 'db')).mode & 0o077).toBe(0);
    await server.stop();
  });

  test('a folder with a long name has its socket elsewhere', async () => {
    const long = join(dir, 'a-folder-with-a-name-that-is-rather-long'.repeat(3));
    mkdirSync(long);
    const server = await startServer({ dir: long });
    expect(Buffer.byteLength(server.socket)).toBeLessThan(104);
    const client = await mongo.MongoClient.connect(server.uri);
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await server.stop();
  });

  test('a port opens it on loopback too', async () => {
    const server = await startServer({ dir, args: ['--port', '0'] });
    const { port } = JSON.parse(readFileSync(join(dir, 'db', 'server.json'), 'utf8')) as { port: number };
    const client = await mongo.MongoClient.connect(`mongodb://127.0.0.1:${port}/`);
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await server.stop();
  });
});

describe('startEmbedded', () => {
  test('starts a server once for several users, and it ends by itself after the last', async () => {
    const [one, two] = await Promise.all([
      startEmbedded({ dataDir: dir, idleMs: 300 }),
      startEmbedded({ dataDir: dir, idleMs: 300 }),
    ]);
    expect(one.uri).toBe(two.uri);
    const { pid } = card();
    await one.close();
    const client = await mongo.MongoClient.connect(two.uri);
    await client.db('t').collection('c').insertOne({ n: 1 });
    await client.close();
    await delay(600);
    expect(alive(pid)).toBe(true);
    await two.close();
    expect(await gone(pid)).toBe(true);
    expect(existsSync(join(dir, 'db', 'server.json'))).toBe(false);
  }, 30_000);

  test('the server outlives the process that started it while another uses it', async () => {
    const starter = new URL('./start-and-exit.ts', import.meta.url);
    const child = spawn(process.execPath, ['--import', 'tsx', starter.pathname, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    await once(child.stdout, 'data');
    const { pid } = card();
    const mine = await startEmbedded({ dataDir: dir, idleMs: 300 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await delay(600);
    expect(alive(pid)).toBe(true);
    expect(card().pid).toBe(pid);
    await mine.close();
    expect(await gone(pid)).toBe(true);
  }, 30_000);
});

describe('a mongod of the machine', () => {
  test('is found on PATH and called with its own private folder', () => {
    mkdirSync(join(dir, 'bin'));
    const fake = join(dir, 'bin', 'mongod');
    writeFileSync(fake, '#!/bin/sh\n');
    expect(findMongod(`/nowhere:${join(dir, 'bin')}`)).toBeUndefined();
    chmodSync(fake, 0o755);
    expect(findMongod(`/nowhere:${join(dir, 'bin')}`)).toBe(fake);
    const places = placesIn(dir, 'mongod');
    expect(mongodArgs(places, undefined).join(' ')).toContain(`--dbpath ${places.folder} --bind_ip ${places.socket} `);
    expect(mongodArgs(places, 27099).join(' ')).toContain(`--bind_ip ${places.socket},127.0.0.1 --port 27099`);
  });

  test('is not preferred over data the embedded server already has', () => {
    expect(prefersMongod('/usr/bin/mongod', dir)).toBe(true);
    expect(prefersMongod(undefined, dir)).toBe(false);
    mkdirSync(join(dir, 'db', 'data'), { recursive: true });
    writeFileSync(join(dir, 'db', 'data', 'data.mdb'), '');
    expect(prefersMongod('/usr/bin/mongod', dir)).toBe(false);
  });
});

describe('a full disk', () => {
  test('refuses writes, keeps what it acknowledged and goes on reading', async () => {
    const limited = await startServer({
      dir,
      wrap: (command) => ['bash', '-c', `trap '' XFSZ; ulimit -f 6000; exec "$@"`, 'bash', ...command],
    });
    const client = await mongo.MongoClient.connect(limited.uri, { retryWrites: false });
    const rows = client.db('full').collection<{ _id: number; text: string }>('rows');
    let acknowledged = 0;
    const refusal = await (async () => {
      for (let _id = 0; _id < 400; _id += 1) {
        await rows.insertOne({ _id, text: 'x'.repeat(50_000) });
        acknowledged += 1;
      }
    })().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(mongo.MongoServerError);
    expect(acknowledged).toBeGreaterThan(10);
    expect(await rows.countDocuments()).toBe(acknowledged);
    await client.close();
    limited.process.kill('SIGKILL');
    await once(limited.process, 'exit');
    const again = await startServer({ dir });
    const reader = await mongo.MongoClient.connect(again.uri);
    expect(await reader.db('full').collection('rows').countDocuments()).toBe(acknowledged);
    await reader
      .db('full')
      .collection('rows')
      .insertOne({ _id: -1 as never });
    await reader.close();
    await again.stop();
  }, 60_000);
});
