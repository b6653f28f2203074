import type { Decimal128 } from 'bson';
import { Double, Int32, Long } from 'bson';

const scratch = new DataView(new ArrayBuffer(8));
/** Bits of the fraction of one unit in the last place: enough that no two 34-digit decimals share a key by accident. */
const fractionBits = 96n;

interface Rational {
  numerator: bigint;
  denominator: bigint;
}

function sortableBits(value: number): bigint {
  scratch.setFloat64(0, value === 0 ? 0 : value);
  const bits = scratch.getBigUint64(0);
  return bits >> 63n ? ~bits & 0xffffffffffffffffn : bits | (1n << 63n);
}

function fromSortableBits(bits: bigint): number {
  scratch.setBigUint64(0, bits >> 63n ? bits & ~(1n << 63n) : ~bits & 0xffffffffffffffffn);
  return scratch.getFloat64(0);
}

function rationalOfDouble(value: number): Rational {
  if (Number.isInteger(value)) return { numerator: BigInt(value), denominator: 1n };
  let scaled = value;
  let shift = 0n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift += 1n;
  }
  return { numerator: BigInt(scaled), denominator: 1n << shift };
}

function rationalOfDecimal(text: string): Rational {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (match === null) return { numerator: 0n, denominator: 1n };
  const [, sign, whole = '0', part = '', exponent = '0'] = match;
  const scale = Number(exponent) - part.length;
  const digits = BigInt(whole + part) * (sign === '-' ? -1n : 1n);
  return scale >= 0
    ? { numerator: digits * 10n ** BigInt(scale), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-scale) };
}

function compareRational(a: Rational, b: Rational): number {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  return left < right ? -1 : Number(left > right);
}

/** The largest double that is not above the exact value, and how far above it the value lies, in 2^-96 of the gap to the next double. */
function floorAndFraction(exact: Rational, nearest: number): [bits: bigint, fraction: bigint] {
  let bits = sortableBits(nearest);
  if (compareRational(rationalOfDouble(fromSortableBits(bits)), exact) > 0) bits -= 1n;
  const floor = rationalOfDouble(fromSortableBits(bits));
  if (compareRational(floor, exact) === 0) return [bits, 0n];
  const above = fromSortableBits(bits + 1n);
  if (!Number.isFinite(above)) return [bits, 1n];
  const next = rationalOfDouble(above);
  const offset = exact.numerator * floor.denominator - floor.numerator * exact.denominator;
  const gap = next.numerator * floor.denominator - floor.numerator * next.denominator;
  return [bits, ((offset * next.denominator) << fractionBits) / (gap * exact.denominator)];
}

function exactParts(value: Long | Decimal128 | bigint): [bits: bigint, fraction: bigint] {
  if (typeof value === 'bigint' || value instanceof Long) {
    const integer = typeof value === 'bigint' ? value : value.toBigInt();
    return floorAndFraction({ numerator: integer, denominator: 1n }, Number(integer));
  }
  const text = value.toString();
  const nearest = Number(text);
  if (!Number.isFinite(nearest) && !/^-?\d/.test(text)) return [Number.isNaN(nearest) ? 0n : sortableBits(nearest), 0n];
  return floorAndFraction(
    rationalOfDecimal(text),
    Number.isFinite(nearest) ? nearest : Math.sign(nearest) * Number.MAX_VALUE,
  );
}

/** Writes 9 bytes for a number a double holds exactly, 21 for others, so that byte order is numeric order. NaN sorts below every number. */
export function encodeNumber(target: Buffer, offset: number, value: unknown): number {
  if (value instanceof Int32 || value instanceof Double || typeof value === 'number') {
    writeDouble(target, offset, typeof value === 'number' ? value : value.value);
    target[offset + 8] = 0;
    return offset + 9;
  }
  if (value instanceof Long && Math.abs(value.high) < 0x200000) {
    writeDouble(target, offset, value.toNumber());
    target[offset + 8] = 0;
    return offset + 9;
  }
  const [bits, fraction] = exactParts(value as Long | Decimal128 | bigint);
  target.writeBigUInt64BE(bits, offset);
  if (fraction === 0n) {
    target[offset + 8] = 0;
    return offset + 9;
  }
  target[offset + 8] = 1;
  target.writeUInt32BE(Number(fraction >> 64n), offset + 9);
  target.writeBigUInt64BE(fraction & 0xffffffffffffffffn, offset + 13);
  return offset + 21;
}

function writeDouble(target: Buffer, offset: number, value: number): void {
  if (Number.isNaN(value)) {
    target.fill(0, offset, offset + 8);
    return;
  }
  target.writeDoubleBE(value === 0 ? 0 : value, offset);
  const negative = (target.readUInt8(offset) & 0x80) !== 0;
  if (!negative) {
    target[offset] = target.readUInt8(offset) | 0x80;
    return;
  }
  for (let i = offset; i < offset + 8; i += 1) target[i] = ~target.readUInt8(i) & 0xff;
}

const left = Buffer.alloc(24);
const right = Buffer.alloc(24);

/** Compares two BSON numbers of any types exactly. */
export function compareEncodedNumbers(a: unknown, b: unknown): number {
  const aEnd = encodeNumber(left, 0, a);
  const bEnd = encodeNumber(right, 0, b);
  return Buffer.compare(left.subarray(0, aEnd), right.subarray(0, bEnd));
}
