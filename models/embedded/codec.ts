import { calculateObjectSize, deserialize, ObjectId, serialize } from 'bson';
import { CommandError } from './errors.ts';
import { type Doc, typeCode } from './values.ts';

/** MongoDB's limits, which drivers learn from `hello`. */
export const maxDocumentBytes = 16 * 1024 * 1024;
export const maxMessageBytes = 48_000_000;
export const maxWriteBatch = 100_000;

const keepTypes = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
  allowObjectSmallerThanBufferSize: true,
};

/** Decodes a document with every BSON type kept. Throws FailedToParse (9) for malformed bytes. */
export function decode(raw: Uint8Array): Doc {
  try {
    return deserialize(raw, keepTypes);
  } catch (error) {
    throw new CommandError(9, `invalid BSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Encodes a document; refuses one above MongoDB's 16 MB with BSONObjectTooLarge (10334). */
export function encode(doc: Doc): Buffer {
  const size = calculateObjectSize(doc);
  if (size > maxDocumentBytes) throw tooLarge(size);
  return Buffer.from(serialize(doc));
}

export function tooLarge(size: number): CommandError {
  return new CommandError(
    10334,
    `BSONObj size: ${size} (0x${size.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${maxDocumentBytes}(16MB)`,
  );
}

/** Bytes a value of a type takes after its name. https://bsonspec.org/spec.html */
const fixedSizes: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  255: 0,
  127: 0,
};

/** Bytes beyond what the length in front of a value says. */
const prefixedSizes: Readonly<Record<number, number>> = { 2: 4, 3: 0, 4: 0, 5: 5, 12: 16, 13: 4, 14: 4, 15: 0 };

function valueEnd(raw: Buffer, type: number, at: number): number {
  const fixed = fixedSizes[type];
  if (fixed !== undefined) return at + fixed;
  const beyond = prefixedSizes[type];
  if (beyond !== undefined) return at + beyond + raw.readInt32LE(at);
  if (type === 11) return raw.indexOf(0, raw.indexOf(0, at) + 1) + 1;
  throw new CommandError(9, `invalid BSON: unknown type ${type}`);
}

/** Start and end of the `_id` element among a document's raw bytes. */
function findId(raw: Buffer): { start: number; end: number } | undefined {
  let at = 4;
  while (at < raw.length - 1) {
    const start = at;
    const type = raw.readUInt8(at);
    const nameEnd = raw.indexOf(0, at + 1);
    at = valueEnd(raw, type, nameEnd + 1);
    if (nameEnd - start === 4 && raw.toString('latin1', start + 1, nameEnd) === '_id') return { start, end: at };
  }
  return undefined;
}

/** The bytes to store for a document from a client: its own, with `_id` moved to the front or added. `doc` gets the new id too. */
export function rawWithId(raw: Buffer, doc: Doc): Buffer {
  const place = findId(raw);
  if (place?.start === 4) return raw;
  if (place)
    return join(
      raw.subarray(place.start, place.end),
      raw.subarray(4, place.start),
      raw.subarray(place.end, raw.length - 1),
    );
  const id = new ObjectId();
  doc['_id'] = id;
  return join(Buffer.concat([Buffer.from('\u0007_id\0', 'latin1'), id.id]), raw.subarray(4, raw.length - 1));
}

function join(...elements: Uint8Array[]): Buffer {
  const size = Buffer.alloc(4);
  const joined = Buffer.concat([size, ...elements, Buffer.alloc(1)]);
  joined.writeInt32LE(joined.length, 0);
  return joined;
}

/** Refuses an `_id` of a type MongoDB does not take (InvalidIdField 53), or with `$` fields (52). */
export function checkId(id: unknown): void {
  const code = typeCode(id);
  if (code === 4) throw new CommandError(53, "The '_id' value cannot be of type array");
  if (code === 11) throw new CommandError(53, "The '_id' value cannot be of type regex");
  if (id === undefined) throw new CommandError(53, "The '_id' value cannot be of type undefined");
  if (code === 3) {
    const dollar = Object.keys(id as Doc).find(
      (name) => name.startsWith('$') && name !== '$ref' && name !== '$id' && name !== '$db',
    );
    if (dollar !== undefined)
      throw new CommandError(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`);
  }
}
