import { decode, maxMessageBytes } from './codec.ts';
import { CommandError } from './errors.ts';
import type { Doc } from './values.ts';

/**
 * MongoDB wire protocol framing: OP_MSG with both section kinds, and OP_QUERY for the first hello of old drivers.
 * https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
export interface Message {
  readonly requestId: number;
  /** True for OP_QUERY, which is answered with OP_REPLY. */
  readonly legacy: boolean;
  /** The client wants no answer (moreToCome). */
  readonly silent: boolean;
  readonly body: Buffer;
  /** Document sequences (section kind 1) by name, each document as its bytes. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
}

const headerBytes = 16;
const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;
const checksumPresent = 1;
const moreToCome = 2;
/** Bits 0–15 must be understood; others may be ignored. */
const unknownRequiredBits = 0xfffc;

/** The length of the message a buffer begins with. Throws for a length no message can have: the connection cannot go on. */
export function messageLength(bytes: Buffer): number {
  const length = bytes.readInt32LE(0);
  if (length < headerBytes || length > maxMessageBytes)
    throw new CommandError(17, `message length ${length} is out of bounds`);
  return length;
}

/** Takes one whole message apart. Throws when its structure is broken: the connection cannot go on. */
export function parseMessage(bytes: Buffer): Message {
  const opCode = bytes.readInt32LE(12);
  if (opCode === opMsg) return parseMsg(bytes);
  if (opCode === opQuery) return parseQuery(bytes);
  throw new CommandError(17, `opcode ${opCode} is not supported`);
}

function documentAt(bytes: Buffer, at: number, end: number): Buffer {
  const length = at + 4 <= end ? bytes.readInt32LE(at) : 0;
  if (length < 5 || at + length > end) throw new CommandError(17, 'a document does not fit its message');
  return bytes.subarray(at, at + length);
}

function parseMsg(bytes: Buffer): Message {
  const flags = bytes.readUInt32LE(headerBytes);
  if ((flags & unknownRequiredBits) !== 0) throw new CommandError(17, `unknown required flag bits ${flags}`);
  const end = bytes.length - ((flags & checksumPresent) !== 0 ? 4 : 0);
  let at = headerBytes + 4;
  let body: Buffer | undefined;
  const sequences = new Map<string, Buffer[]>();
  while (at < end) {
    const kind = bytes.readUInt8(at);
    if (kind === 0) {
      body = documentAt(bytes, at + 1, end);
      at += 1 + body.length;
    } else if (kind === 1) {
      at = parseSequence(bytes, at + 1, end, sequences);
    } else throw new CommandError(17, `unknown section kind ${kind}`);
  }
  if (!body) throw new CommandError(17, 'a message without a body');
  return { requestId: bytes.readInt32LE(4), legacy: false, silent: (flags & moreToCome) !== 0, body, sequences };
}

function parseSequence(bytes: Buffer, from: number, limit: number, sequences: Map<string, Buffer[]>): number {
  const end = from + (from + 4 <= limit ? bytes.readInt32LE(from) : 0);
  const nameEnd = bytes.indexOf(0, from + 4);
  if (end <= from || end > limit || nameEnd === -1 || nameEnd >= end)
    throw new CommandError(17, 'a document sequence does not fit its message');
  const documents: Buffer[] = [];
  for (let at = nameEnd + 1; at < end;) {
    const document = documentAt(bytes, at, end);
    documents.push(document);
    at += document.length;
  }
  sequences.set(bytes.toString('utf8', from + 4, nameEnd), documents);
  return end;
}

function parseQuery(bytes: Buffer): Message {
  const nameEnd = bytes.indexOf(0, headerBytes + 4);
  if (nameEnd === -1) throw new CommandError(17, 'a query without a collection name');
  const body = documentAt(bytes, nameEnd + 9, bytes.length);
  return { requestId: bytes.readInt32LE(4), legacy: true, silent: false, body, sequences: new Map() };
}

/** The command document of a message, decoded; `documents` of an insert stay as their bytes. */
export function commandOf(message: Message): Doc {
  const body = decode(message.body);
  const wrapped = message.legacy ? body['$query'] : undefined;
  return (wrapped as Doc | undefined) ?? body;
}

/** Frames a reply document. */
export function frameReply(message: Message, replyId: number, document: Buffer): Buffer[] {
  const header = Buffer.alloc(message.legacy ? 36 : 21);
  header.writeInt32LE(header.length + document.length, 0);
  header.writeInt32LE(replyId, 4);
  header.writeInt32LE(message.requestId, 8);
  header.writeInt32LE(message.legacy ? opReply : opMsg, 12);
  if (message.legacy) {
    header.writeInt32LE(8, 16);
    header.writeInt32LE(1, 32);
  }
  return [header, document];
}
