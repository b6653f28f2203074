import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Document, serialize } from 'bson';
import { mongo } from 'mongoose';
import { message, type MessageOptions, RawConnection } from './raw-connection.ts';
import { startServer, type TestServer } from './test-server.ts';

let server: TestServer;
let connection: RawConnection;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  connection = await RawConnection.open(server.socket);
});
afterEach(() => {
  connection.close();
});

const ping = serialize({ ping: 1, $db: 'test' });
const bytes = (...each: number[]): Buffer => Buffer.from(each);

async function stillAnswers(): Promise<unknown> {
  const other = await RawConnection.open(server.socket);
  const reply = await other.command({ ping: 1 });
  other.close();
  return reply?.['ok'];
}

describe('what the protocol allows', () => {
  test.each<[string, MessageOptions]>([
    ['a plain message', {}],
    ['a checksum, which is not checked', { flags: 1, trailer: bytes(1, 2, 3, 4) }],
    ['the exhaust flag, which may be ignored', { flags: 0x10000 }],
  ])('%s is answered', async (_label, options) => {
    connection.socket.write(message(ping, options));
    expect(await connection.reply()).toMatchObject({ ok: 1 });
  });

  test('moreToCome wants no answer, and is done before what follows', async () => {
    connection.socket.write(
      message(serialize({ insert: 'quiet', documents: [{ _id: 1 }], $db: 'test' }), { flags: 2 }),
    );
    expect(await connection.command({ count: 'quiet' })).toMatchObject({ n: 1, ok: 1 });
  });

  test('documents come as a sequence too', async () => {
    const body = serialize({ insert: 'sequence', $db: 'test' });
    connection.socket.write(
      message(body, { sequences: [['documents', [serialize({ _id: 1 }), serialize({ _id: 2 })]]] }),
    );
    expect(await connection.reply()).toMatchObject({ n: 2, ok: 1 });
  });

  test('the first hello may be an OP_QUERY', async () => {
    const name = Buffer.from('admin.$cmd\0');
    const body = serialize({ isMaster: 1 });
    const header = Buffer.alloc(20);
    header.writeInt32LE(header.length + name.length + 8 + body.length, 0);
    header.writeInt32LE(2004, 12);
    connection.socket.write(Buffer.concat([header, name, Buffer.alloc(8), body]));
    expect(await connection.reply()).toMatchObject({ ismaster: true, maxWireVersion: 21, ok: 1 });
  });

  test('messages may arrive a byte at a time, and several at once', async () => {
    const one = message(ping);
    for (const byte of one) connection.socket.write(bytes(byte));
    expect(await connection.reply()).toMatchObject({ ok: 1 });
    connection.socket.write(Buffer.concat([one, one, one]));
    expect([await connection.reply(), await connection.reply(), await connection.reply()]).toMatchObject([
      { ok: 1 },
      { ok: 1 },
      { ok: 1 },
    ]);
  });
});

describe('what breaks the frame ends that connection only', () => {
  test.each<[string, Buffer]>([
    ['noise', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.padEnd(64, '#'))],
    ['zeroes', Buffer.alloc(64)],
    ['a giant length', message(ping, { length: 0x7fffffff })],
    ['a negative length', message(ping, { length: -5 })],
    ['a length below the header', message(ping, { length: 3 })],
    ['an opcode nobody knows', message(ping, { opCode: 2012 })],
    ['an unknown flag that must be understood', message(ping, { flags: 4 })],
    ['a document longer than its message', message(Buffer.concat([bytes(0xff, 0xff, 0, 0), ping.subarray(4)]))],
    ['a document of negative length', message(Buffer.concat([bytes(0xff, 0xff, 0xff, 0xff), ping.subarray(4)]))],
    ['an unknown kind of section', message(ping, { trailer: bytes(9, 0, 0, 0, 0) })],
    ['a sequence longer than its message', message(ping, { trailer: bytes(1, 0xff, 0, 0, 0, 0x61, 0) })],
    ['a sequence without a name', message(ping, { trailer: bytes(1, 5, 0, 0, 0, 0x61) })],
  ])('%s', async (_label, sent) => {
    connection.socket.write(sent);
    expect(await connection.reply()).toBeUndefined();
    expect(await stillAnswers()).toBe(1);
  });

  test('half a message and then nothing', async () => {
    connection.socket.write(message(ping).subarray(0, 30));
    connection.socket.end();
    expect(await connection.reply()).toBeUndefined();
    expect(await stillAnswers()).toBe(1);
  });
});

describe('what breaks the command is answered with an error', () => {
  const badType = Buffer.from(ping);
  badType[4] = 0x55;

  test('a value of an unknown type', async () => {
    connection.socket.write(message(badType));
    expect(await connection.reply()).toMatchObject({ ok: 0, code: 9, codeName: 'FailedToParse' });
  });

  test.each<[string, Document, number]>([
    ['no database', { ping: 1, $db: undefined }, 40414],
    ['a database name with a slash', { ping: 1, $db: 'a/b' }, 73],
    ['a collection that is no text', { find: 5 }, 73],
    ['a collection with a zero byte', { insert: 'a\0b', documents: [{ _id: 1 }] }, 73],
    ['a transaction', { find: 'c', txnNumber: 1, autocommit: false, startTransaction: true }, 20],
    ['another language', { find: 'c', collation: { locale: 'bn' } }, 238],
    ['the name of a method', { constructor: 1 }, 59],
    ['the name of the prototype', JSON.parse('{"__proto__": 1}') as Document, 59],
  ])('%s', async (_label, command, code) => {
    expect(await connection.command(command)).toMatchObject({ ok: 0, code });
  });

  test('documents nested beyond reason', async () => {
    let nested: Document = {};
    for (let depth = 0; depth < 3000; depth += 1) nested = { a: nested };
    const reply = await connection.command({ insert: 'deep', documents: [{ _id: 1, nested }] });
    expect(reply).toBeDefined();
    expect(await stillAnswers()).toBe(1);
  });
});

describe('names that mean something to JavaScript', () => {
  test('never reach a prototype', async () => {
    const hostile = JSON.parse(
      '{"_id": 1, "__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    ) as Document;
    expect(await connection.command({ insert: 'proto', documents: [hostile] })).toMatchObject({ n: 1 });
    const u = JSON.parse('{"$set": {"__proto__.more": 1, "constructor.prototype.more": 1}}') as Document;
    expect(await connection.command({ update: 'proto', updates: [{ q: {}, u }] })).toMatchObject({ nModified: 1 });
    const aggregated = await connection.command({
      aggregate: 'proto',
      pipeline: [
        { $group: { _id: '$__proto__.polluted', n: { $sum: 1 } } },
        { $project: { copy: '$$ROOT', n: { $add: ['$n', 1] } } },
      ],
      cursor: {},
    });
    expect(aggregated).toBeDefined();
    const filter = JSON.parse('{"__proto__.more": 1}') as Document;
    const found = await connection.command({ find: 'proto', filter });
    expect((found?.['cursor'] as Document)['firstBatch']).toHaveLength(1);
    expect(await connection.command({ find: 'proto', filter: { polluted: true } })).toMatchObject({
      cursor: { firstBatch: [] },
    });
  });

  test('$ and dots in names are kept', async () => {
    await connection.command({ insert: 'names', documents: [{ _id: 1, 'a.b': 1, $c: 2, '😀': 'শুনি' }] });
    expect(await connection.command({ find: 'names' })).toMatchObject({
      cursor: { firstBatch: [{ _id: 1, 'a.b': 1, $c: 2, '😀': 'শুনি' }] },
    });
  });
});

describe('sizes', () => {
  let client: mongo.MongoClient;
  beforeAll(async () => {
    client = await mongo.MongoClient.connect(server.uri);
  });
  afterAll(() => client.close());

  test('a document of 17 MB is refused and the next is taken', async () => {
    const body = serialize({ insert: 'large', $db: 'test', ordered: false });
    const large = serialize({ _id: 1, text: 'x'.repeat(17 * 1024 * 1024) });
    connection.socket.write(message(body, { sequences: [['documents', [large, serialize({ _id: 2 })]]] }));
    expect(await connection.reply()).toMatchObject({ n: 1, writeErrors: [{ index: 0, code: 10334 }] });
  });

  test('a document of almost 16 MB and messages of almost 48 MB are taken', async () => {
    const body = serialize({ insert: 'largest', $db: 'test' });
    const documents = [1, 2].map((_id) => serialize({ _id, text: 'x'.repeat(16 * 1024 * 1024 - 100) }));
    connection.socket.write(message(body, { sequences: [['documents', documents]] }));
    expect(await connection.reply()).toMatchObject({ n: 2, ok: 1 });
    expect(
      await client
        .db('test')
        .collection('largest')
        .find()
        .map(({ _id }) => _id)
        .toArray(),
    ).toHaveLength(2);
  });

  test('an update that would grow past 16 MB is refused', async () => {
    await connection.command({ insert: 'growing', documents: [{ _id: 1, a: 'x'.repeat(9 * 1024 * 1024) }] });
    const reply = await connection.command({
      update: 'growing',
      updates: [{ q: { _id: 1 }, u: [{ $set: { b: '$a', c: '$a' } }] }],
    });
    expect(reply).toMatchObject({ writeErrors: [{ code: 10334 }] });
  });

  test('files go in and out through GridFS', async () => {
    const bucket = new mongo.GridFSBucket(client.db('files'));
    const content = Buffer.alloc(1_000_000, 'voice note ');
    const upload = bucket.openUploadStream('note.ogg');
    await new Promise((resolve, reject) => {
      upload.once('finish', resolve).once('error', reject);
      upload.end(content);
    });
    const parts: Buffer[] = [];
    for await (const part of bucket.openDownloadStream(upload.id)) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    await bucket.delete(upload.id);
    expect(await client.db('files').collection('fs.chunks').countDocuments()).toBe(0);
  });
});
