import type { Doc } from './values.ts';

/** A reply: a document to encode, or one already encoded. */
export type Reply = Doc | Buffer;

const positions: Buffer[] = [];

/** The element head of an array of documents: type 3, the position as text, zero. */
function position(index: number): Buffer {
  return (positions[index] ??= Buffer.from(`\u0003${index}\0`, 'latin1'));
}

const okElement = Buffer.from([1, 0x6f, 0x6b, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);

/** Encodes `{cursor: {firstBatch|nextBatch: [...], id, ns}, ok: 1}` around documents that are bytes already. https://bsonspec.org/spec.html */
export function cursorReply(
  batchName: 'firstBatch' | 'nextBatch',
  id: bigint,
  ns: string,
  documents: readonly Buffer[],
): Buffer {
  let arrayBytes = 5;
  for (let i = 0; i < documents.length; i += 1) arrayBytes += position(i).length + (documents[i]?.length ?? 0);
  const nsBytes = Buffer.byteLength(ns);
  const cursorBytes = 4 + 1 + batchName.length + 1 + arrayBytes + 1 + 3 + 8 + 1 + 3 + 4 + nsBytes + 1 + 1;
  const total = 4 + 8 + cursorBytes + okElement.length + 1;
  const reply = Buffer.allocUnsafe(total);
  let at = reply.writeInt32LE(total, 0);
  at += reply.write('\u0003cursor\0', at, 'latin1');
  at = reply.writeInt32LE(cursorBytes, at);
  at += reply.write(`\u0004${batchName}\0`, at, 'latin1');
  at = reply.writeInt32LE(arrayBytes, at);
  for (let i = 0; i < documents.length; i += 1) {
    at += position(i).copy(reply, at);
    at += documents[i]?.copy(reply, at) ?? 0;
  }
  at = reply.writeUInt8(0, at);
  at += reply.write('\u0012id\0', at, 'latin1');
  at = reply.writeBigInt64LE(id, at);
  at += reply.write('\u0002ns\0', at, 'latin1');
  at = reply.writeInt32LE(nsBytes + 1, at);
  at += reply.write(ns, at);
  at = reply.writeUInt8(0, at);
  at = reply.writeUInt8(0, at);
  at += okElement.copy(reply, at);
  reply.writeUInt8(0, at);
  return reply;
}
