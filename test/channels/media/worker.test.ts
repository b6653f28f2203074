import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createConnection, type Connection } from 'mongoose';
import { pino } from 'pino';
import { MediaError } from '../../../channels/channel.ts';
import { createMediaWorker, RETRY_AFTER_MS, type MediaWorker } from '../../../channels/media/fetch-job.ts';
import { MediaFiles } from '../../../models/media-files.ts';
import type { StoredMedia } from '../../../models/messages/schema.ts';
import type { MediaKind } from '../../../models/vocabulary.ts';
import { testDatabaseUri } from '../../support/database.ts';
import { HTML, JPEG, OPUS } from './samples.ts';

const MAX = 100_000;
let connection: Connection;
let files: MediaFiles;
let now = new Date('2026-11-22T10:00:00Z');
let logged: string[] = [];
let removed: string[] = [];

beforeAll(async () => {
  const dbName = `test-media-${process.pid}-${Date.now()}`;
  connection = await createConnection(testDatabaseUri(), { dbName }).asPromise();
  files = new MediaFiles(connection);
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});
afterEach(async () => {
  await messages().deleteMany({});
  await collection('media.files').deleteMany({});
  await collection('media.chunks').deleteMany({});
  logged = [];
  removed = [];
});

const collection = (name: string): ReturnType<Connection['collection']> => connection.collection(name);
const messages = (): ReturnType<Connection['collection']> => collection('messages');

async function insert(id: string, kinds: readonly [MediaKind, string][] = [['image', 'image/jpeg']]): Promise<void> {
  const media = kinds.map(([kind, contentType], index) => ({
    mediaId: `ME${index}`,
    contentType,
    kind,
    state: 'pending',
    attempts: 0,
    nextAt: now,
  }));
  await messages().insertOne({ _id: id as never, channel: 'sms', providerId: `SM-${id}`, media });
}

async function mediaOf(id: string): Promise<StoredMedia[]> {
  const row = await messages().findOne({ _id: id as never });
  return (row?.['media'] ?? []) as StoredMedia[];
}

type Open = () => Promise<{ body: Readable; contentType: string }>;
const bytes =
  (content: Buffer): Open =>
  () =>
    Promise.resolve({ body: Readable.from([content]), contentType: 'image/jpeg' });

function worker(open: Open, remove: () => Promise<void> = () => Promise.resolve()): MediaWorker {
  return createMediaWorker({
    store: files,
    openMedia: open,
    removeMedia: async (_channel, media) => {
      await remove();
      removed.push(media.mediaId);
    },
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    now: () => now,
    maxBytes: MAX,
    idleMs: 5,
  });
}

async function drain(one: MediaWorker): Promise<number> {
  let done = 0;
  while (await one.runOne()) done += 1;
  return done;
}

const counts = async (): Promise<[number, number]> => [
  await collection('media.files').countDocuments({}),
  await collection('media.chunks').countDocuments({}),
];

describe('a fetch', () => {
  test('stores, then removes at the provider, then has nothing to do', async () => {
    await insert('m1', [
      ['image', 'image/jpeg'],
      ['voice', 'audio/ogg'],
    ]);
    const order = [JPEG, OPUS];
    const one = worker(() => bytes(order.shift() ?? Buffer.alloc(0))());
    expect(await drain(one)).toBe(4);
    const [image, voice] = await mediaOf('m1');
    expect(image).toMatchObject({
      state: 'stored',
      sniffedType: 'image/jpeg',
      bytes: JPEG.length,
      removedAtProvider: true,
    });
    expect(voice).toMatchObject({ state: 'stored', sniffedType: 'audio/ogg', removedAtProvider: true });
    expect(image).not.toHaveProperty('nextAt');
    expect(await buffer(files.open(image?.fileId ?? ''))).toEqual(JPEG);
    expect(await files.info(image?.fileId ?? '')).toEqual({ bytes: JPEG.length, contentType: 'image/jpeg' });
    expect(removed).toEqual(['ME0', 'ME1']);
  });

  test('a mismatch is kept apart, and removed at the provider too', async () => {
    await insert('m2');
    await drain(worker(bytes(HTML)));
    expect(await mediaOf('m2')).toMatchObject([{ state: 'quarantined', removedAtProvider: true }]);
    expect(await counts()).toEqual([1, 1]);
  });

  test('too large: nothing is kept, nothing is removed at the provider', async () => {
    await insert('m3');
    const endless: Open = () =>
      Promise.resolve({ body: Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(10_000))), contentType: '' });
    await drain(worker(endless));
    expect(await mediaOf('m3')).toMatchObject([{ state: 'too-large' }]);
    expect(await counts()).toEqual([0, 0]);
    expect(removed).toEqual([]);
  });

  test('exactly the limit is not too large', async () => {
    await insert('m4');
    await drain(worker(bytes(Buffer.concat([JPEG, Buffer.alloc(MAX - JPEG.length)]))));
    expect(await mediaOf('m4')).toMatchObject([{ state: 'stored', bytes: MAX }]);
  });

  test('is tried again at 1, 3 and 10 s, then in minutes, then given up', async () => {
    await insert('m5');
    const failing = worker(() => Promise.reject(new MediaError('not-found', 'of +447700900123', true)));
    const waits: number[] = [];
    while (waits.length < RETRY_AFTER_MS.length) {
      expect(await failing.runOne()).toBe(true);
      expect(await failing.runOne()).toBe(false);
      const [item] = await mediaOf('m5');
      waits.push((item?.nextAt?.getTime() ?? 0) - now.getTime());
      now = item?.nextAt ?? now;
    }
    expect(waits).toEqual(RETRY_AFTER_MS);
    await failing.runOne();
    expect(await mediaOf('m5')).toMatchObject([{ state: 'failed' }]);
    expect(await failing.runOne()).toBe(false);
    expect(logged.join('')).not.toContain('7700900');
  });

  test('a refusal is not tried again', async () => {
    await insert('m6');
    expect(await drain(worker(() => Promise.reject(new MediaError('refused', '', false))))).toBe(1);
    expect(await mediaOf('m6')).toMatchObject([{ state: 'failed' }]);
  });

  test('a stream that breaks half way leaves no half file, and succeeds later', async () => {
    await insert('m7');
    const broken: Open = () => {
      const body = Readable.from(
        (async function* () {
          yield Buffer.alloc(50_000);
          await Promise.resolve();
          throw new Error('reset');
        })(),
      );
      return Promise.resolve({ body, contentType: '' });
    };
    await worker(broken).runOne();
    expect(await counts()).toEqual([0, 0]);
    now = new Date(now.getTime() + 1000);
    await worker(bytes(JPEG)).runOne();
    expect(await mediaOf('m7')).toMatchObject([{ state: 'stored' }]);
  });

  test('after a crash between saving and settling there is one file', async () => {
    await insert('m8');
    const job = await files.claim(now, 1000);
    if (job === null) throw new Error('no job');
    await files.save(job, Readable.from([HTML]), 'x');
    // The process is killed here; the lease runs out.
    now = new Date(now.getTime() + 1000);
    await drain(worker(bytes(JPEG)));
    const [item] = await mediaOf('m8');
    expect(await buffer(files.open(item?.fileId ?? ''))).toEqual(JPEG);
    expect(await counts()).toEqual([1, 1]);
    expect(await files.settle(job, { state: 'failed' }, null)).toBe(false);
    expect(await mediaOf('m8')).toMatchObject([{ state: 'stored' }]);
  });

  test('chunks left by a crash are replaced', async () => {
    await insert('m9');
    const job = await files.claim(now, 1000);
    if (job === null) throw new Error('no job');
    const { fileId } = await files.save(job, Readable.from([JPEG]), 'x');
    await collection('media.files').deleteMany({});
    now = new Date(now.getTime() + 1000);
    await drain(worker(bytes(JPEG)));
    expect(await buffer(files.open(fileId))).toEqual(JPEG);
  });

  test('erased while it was fetched: the file goes too', async () => {
    await insert('m10');
    await worker(async () => {
      await messages().updateOne({ _id: 'm10' as never }, { $unset: { media: 1 } });
      return bytes(JPEG)();
    }).runOne();
    expect(await counts()).toEqual([0, 0]);
  });

  test('removing at the provider is tried until it works', async () => {
    await insert('m11');
    let failures = 3;
    const one = worker(bytes(JPEG), () => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new MediaError('provider', '', true)) : Promise.resolve();
    });
    for (let round = 0; round < 5; round += 1) {
      await drain(one);
      now = new Date(now.getTime() + 60_000);
    }
    expect(removed).toEqual(['ME0']);
    expect(await mediaOf('m11')).toMatchObject([{ state: 'stored', removedAtProvider: true }]);
  });
});

describe('many workers', () => {
  test('every item is fetched once', async () => {
    for (let index = 0; index < 12; index += 1) await insert(`w${index}`);
    let opened = 0;
    const workers = Array.from({ length: 4 }, () =>
      worker(() => {
        opened += 1;
        return bytes(JPEG)();
      }),
    );
    for (const one of workers) one.start();
    const deadline = Date.now() + 20_000;
    while (removed.length < 12 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all(workers.map((one) => one.stop()));
    expect([opened, removed.length, await counts()]).toEqual([12, 12, [12, 12]]);
  });

  test('remove deletes files, and is no error for those that are gone', async () => {
    await insert('r1');
    await drain(worker(bytes(JPEG)));
    const [item] = await mediaOf('r1');
    await files.remove([item?.fileId ?? '', 'never-there']);
    expect(await counts()).toEqual([0, 0]);
    expect(await files.info(item?.fileId ?? '')).toBeNull();
  });
});
