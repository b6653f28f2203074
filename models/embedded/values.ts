import { Decimal128, Double, Int32, Long } from 'bson';
import { compareEncodedNumbers } from './number-encoding.ts';

/** A decoded BSON document. Numbers keep their BSON type (Int32, Double, Long, Decimal128), so nothing is lost on the way back. */
export type Doc = Record<string, unknown>;

const codeByTag: Readonly<Record<string, number>> = {
  Double: 1,
  Binary: 5,
  ObjectId: 7,
  BSONRegExp: 11,
  DBRef: 3,
  Code: 13,
  BSONSymbol: 14,
  Int32: 16,
  Timestamp: 17,
  Long: 18,
  Decimal128: 19,
  MinKey: -1,
  MaxKey: 127,
};

const codeByJsType: Readonly<Record<string, number>> = { undefined: 6, string: 2, boolean: 8, bigint: 18 };

/** The BSON type number of a value (bsonspec.org); plain JS numbers count as the type they would be written as. */
export function typeCode(value: unknown): number {
  if (typeof value === 'number') return isInt32(value) ? 16 : 1;
  if (typeof value !== 'object') return codeByJsType[typeof value] ?? 3;
  return value === null ? 10 : objectCode(value);
}

function objectCode(value: object): number {
  if (Array.isArray(value)) return 4;
  const tag = (value as { _bsontype?: string })._bsontype;
  if (tag !== undefined) return codeByTag[tag] ?? 3;
  if (value instanceof Date) return 9;
  return value instanceof RegExp ? 11 : 3;
}

export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

/** MongoDB's comparison order of types: lower sorts first. https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/ */
const orderByCode: Readonly<Record<number, number>> = {
  [-1]: 0x01,
  6: 0x08,
  10: 0x10,
  1: 0x20,
  16: 0x20,
  18: 0x20,
  19: 0x20,
  2: 0x30,
  14: 0x30,
  3: 0x40,
  4: 0x50,
  5: 0x60,
  7: 0x70,
  8: 0x80,
  9: 0x90,
  17: 0xa0,
  11: 0xb0,
  13: 0xc0,
  127: 0xf0,
};

/** The place of a value's type in MongoDB's order; missing and null share one. Also the first byte of its index key. */
export function typeOrder(value: unknown): number {
  return value === undefined ? 0x10 : (orderByCode[typeCode(value)] ?? 0x40);
}

export function isNumeric(value: unknown): boolean {
  return typeOrder(value) === 0x20;
}

/** A plain subdocument: not an array, not null, none of the BSON value types. */
export function isDocument(value: unknown): value is Doc {
  return typeCode(value) === 3;
}

/** The JS number behind any BSON number, or undefined. Longs and decimals beyond 2^53 lose precision: compare with compareValues. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal128) return Number(value.toString());
  return undefined;
}

/** Reads an own field only, so that `__proto__` or `toString` never reach the prototype. */
export function field(doc: Doc, name: string): unknown {
  return Object.hasOwn(doc, name) ? doc[name] : undefined;
}

/** Writes a field as an own property, `__proto__` included. */
export function setField(doc: Doc, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(doc, name, { value, enumerable: true, writable: true, configurable: true });
  else doc[name] = value;
}

/** A copy of a document whose `_id` comes first. */
export function withIdFirst(doc: Doc): Doc {
  const ordered: Doc = { _id: doc['_id'] };
  for (const name of Object.keys(doc)) if (name !== '_id') setField(ordered, name, doc[name]);
  return ordered;
}

function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** UTF-16 surrogates stand for code points above U+FFFF, which UTF-8 sorts after U+E000–U+FFFF. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

export function compareNumbers(a: unknown, b: unknown): number {
  if (a instanceof Decimal128 || b instanceof Decimal128 || a instanceof Long || b instanceof Long)
    return compareEncodedNumbers(a, b);
  const x = Number(toNumber(a));
  const y = Number(toNumber(b));
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  return x < y ? -1 : Number(x > y);
}

function compareDocuments(a: Doc, b: Doc): number {
  const left = Object.keys(a);
  const right = Object.keys(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const x = left[i] ?? '';
    const y = right[i] ?? '';
    const order = typeOrder(a[x]) - typeOrder(b[y]) || compareStrings(x, y) || compareValues(a[x], b[y]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

interface BinaryLike {
  buffer: Uint8Array;
  position: number;
  sub_type: number;
}

function compareBinary(a: BinaryLike, b: BinaryLike): number {
  return (
    a.position - b.position ||
    a.sub_type - b.sub_type ||
    Buffer.compare(a.buffer.subarray(0, a.position), b.buffer.subarray(0, b.position))
  );
}

/** Pattern and flags of a regular expression of either kind. */
export function regexParts(value: unknown): [pattern: string, options: string] {
  if (value instanceof RegExp) return [value.source, value.flags];
  const { pattern, options } = value as { pattern: string; options: string };
  return [pattern, options];
}

function compareRegex(a: unknown, b: unknown): number {
  const [left, leftFlags] = regexParts(a);
  const [right, rightFlags] = regexParts(b);
  return compareStrings(left, right) || compareStrings(leftFlags, rightFlags);
}

const comparers: Readonly<Record<number, (a: unknown, b: unknown) => number>> = {
  0x20: compareNumbers,
  0x30: (a, b) => compareStrings(String(a), String(b)),
  0x40: (a, b) => compareDocuments(a as Doc, b as Doc),
  0x50: (a, b) => compareArrays(a as unknown[], b as unknown[]),
  0x60: (a, b) => compareBinary(a as BinaryLike, b as BinaryLike),
  0x70: (a, b) => Buffer.compare((a as { id: Uint8Array }).id, (b as { id: Uint8Array }).id),
  0x80: (a, b) => Number(a) - Number(b),
  0x90: (a, b) => Number(a) - Number(b),
  0xa0: (a, b) => (a as Long).compare(b as Long),
  0xb0: compareRegex,
  0xc0: (a, b) => compareStrings((a as { code: string }).code, (b as { code: string }).code),
};

/** MongoDB's total order of BSON values: by type, then by value; ints, longs, doubles and decimals compare as one. */
export function compareValues(a: unknown, b: unknown): number {
  const order = typeOrder(a);
  const byType = order - typeOrder(b);
  if (byType !== 0) return byType;
  return comparers[order]?.(a, b) ?? 0;
}

export function equalValues(a: unknown, b: unknown): boolean {
  return a === b || compareValues(a, b) === 0;
}
