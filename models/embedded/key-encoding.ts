import { createHash } from 'node:crypto';
import { encodeNumber } from './number-encoding.ts';
import { type Doc, regexParts, typeOrder } from './values.ts';

/**
 * Order-preserving keys: comparing two encoded keys byte by byte gives MongoDB's order of the values. Each value begins with the
 * byte of its type and ends by itself, so keys can be joined; a descending field has all its bytes inverted.
 */
let buffer = Buffer.allocUnsafe(4096);
let end = 0;

const maxKeyBytes = 1400;
const keptBytes = 1024;
const maxIdBytes = 400;

function reserve(bytes: number): void {
  if (end + bytes <= buffer.length) return;
  const grown = Buffer.allocUnsafe((end + bytes) * 2);
  buffer.copy(grown, 0, 0, end);
  buffer = grown;
}

function writeByte(byte: number): void {
  reserve(1);
  buffer[end] = byte;
  end += 1;
}

/** UTF-8; a zero byte becomes 00 FF, the end is 00 01, so that a prefix sorts before what it begins. */
function writeText(text: string): void {
  reserve(text.length * 6 + 2);
  if (text.includes('\0')) {
    for (const byte of Buffer.from(text)) {
      writeByte(byte);
      if (byte === 0) writeByte(0xff);
    }
  } else {
    end += buffer.write(text, end);
  }
  writeByte(0);
  writeByte(1);
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length);
  buffer.set(bytes, end);
  end += bytes.length;
}

function writeBinary(value: { buffer: Uint8Array; position: number; sub_type: number }): void {
  reserve(5);
  end = buffer.writeUInt32BE(value.position, end);
  writeByte(value.sub_type);
  writeBytes(value.buffer.subarray(0, value.position));
}

function writeInt64(value: bigint): void {
  reserve(8);
  end = buffer.writeBigUInt64BE(BigInt.asUintN(64, value), end);
}

function writeDocument(doc: Doc): void {
  for (const name of Object.keys(doc)) {
    const value = doc[name];
    writeByte(typeOrder(value));
    writeText(name);
    writeValue(value);
  }
  writeByte(0);
}

function writeRegex(value: unknown): void {
  const [pattern, options] = regexParts(value);
  writeText(pattern);
  writeText(options);
}

const bodies: Readonly<Record<number, (value: unknown) => void>> = {
  0x20: (value) => {
    reserve(24);
    end = encodeNumber(buffer, end, value);
  },
  0x30: (value) => {
    writeText(String(value));
  },
  0x40: (value) => {
    writeDocument(value as Doc);
  },
  0x50: (value) => {
    for (const element of value as unknown[]) writeValue(element);
    writeByte(0);
  },
  0x60: (value) => {
    writeBinary(value as { buffer: Uint8Array; position: number; sub_type: number });
  },
  0x70: (value) => {
    writeBytes((value as { id: Uint8Array }).id);
  },
  0x80: (value) => {
    writeByte(value === true ? 1 : 0);
  },
  0x90: (value) => {
    writeInt64(BigInt((value as Date).getTime()) + (1n << 63n));
  },
  0xa0: (value) => {
    writeInt64((value as { toBigInt(): bigint }).toBigInt());
  },
  0xb0: writeRegex,
  0xc0: (value) => {
    writeText((value as { code: string }).code);
  },
};

function writeValue(value: unknown): void {
  if (value !== emptyArrayKey) {
    const order = typeOrder(value);
    writeByte(order);
    bodies[order]?.(value);
    return;
  }
  writeByte(0x08);
}

/** What an index holds for an empty array: MongoDB's `undefined`, which sorts before null. */
export const emptyArrayKey = Symbol('empty array');

/** Encodes one field value; `descending` inverts it. The bytes are a copy. */
export function encodeValue(value: unknown, descending = false): Buffer {
  end = 0;
  writeValue(value);
  return finish(0, descending);
}

function finish(from: number, descending: boolean): Buffer {
  if (descending) invert(buffer, from, end);
  return Buffer.from(buffer.subarray(0, end));
}

/** Encodes a compound key; `directions` holds 1 or -1 for each value. */
export function encodeCompound(values: readonly unknown[], directions: readonly number[]): Buffer {
  end = 0;
  for (let i = 0; i < values.length; i += 1) {
    const from = end;
    writeValue(values[i]);
    if (directions[i] === -1) invert(buffer, from, end);
  }
  return Buffer.from(buffer.subarray(0, end));
}

function invert(bytes: Buffer, from: number, to: number): void {
  for (let i = from; i < to; i += 1) bytes[i] = ~bytes.readUInt8(i) & 0xff;
}

function shorten(key: Buffer, kept: number): Buffer {
  return Buffer.concat([key.subarray(0, kept), createHash('sha256').update(key).digest()]);
}

/** Keys beyond the store's limit keep their first 1,024 bytes and a hash of the whole: still unique, no longer fully ordered. */
export function storedKey(key: Buffer): { key: Buffer; shortened: boolean } {
  return key.length <= maxKeyBytes ? { key, shortened: false } : { key: shorten(key, keptBytes), shortened: true };
}

/** The longest part of a search bound that shortened keys still share with the whole one. */
export function boundPrefix(bound: Buffer): Buffer {
  return bound.length <= maxKeyBytes ? bound : bound.subarray(0, keptBytes);
}

/** The key a document is stored under: its _id, encoded. */
export function encodeId(id: unknown): Buffer {
  const key = encodeValue(id);
  return key.length <= maxIdBytes ? key : shorten(key, maxIdBytes - 32);
}
