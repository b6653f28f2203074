import { Decimal128, Double, Int32, Long } from 'bson';
import { isInt32, toNumber, typeCode } from './values.ts';

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

interface DecimalParts {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalParts(value: unknown): DecimalParts | undefined {
  const text =
    value instanceof Decimal128
      ? value.toString()
      : String(value instanceof Double || value instanceof Int32 ? value.value : value);
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '0', part = '', exponent = '0'] = match;
  return { digits: BigInt(whole + part) * (sign === '-' ? -1n : 1n), exponent: Number(exponent) - part.length };
}

function decimalResult(
  a: unknown,
  b: unknown,
  combine: (x: DecimalParts, y: DecimalParts) => DecimalParts,
): Decimal128 {
  const x = decimalParts(a);
  const y = decimalParts(b);
  if (!x || !y) return Decimal128.fromString('NaN');
  const { digits, exponent } = combine(x, y);
  return Decimal128.fromStringWithRounding(`${digits}E${exponent}`);
}

function addDecimals(x: DecimalParts, y: DecimalParts): DecimalParts {
  const exponent = Math.min(x.exponent, y.exponent);
  const scale = (parts: DecimalParts): bigint => parts.digits * 10n ** BigInt(parts.exponent - exponent);
  return { digits: scale(x) + scale(y), exponent };
}

function multiplyDecimals(x: DecimalParts, y: DecimalParts): DecimalParts {
  return { digits: x.digits * y.digits, exponent: x.exponent + y.exponent };
}

function integer(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt();
  return BigInt(toNumber(value) ?? 0);
}

/** The smallest BSON integer type that may hold a result; undefined when it overflows 64 bits. */
function narrow(result: bigint, wide: boolean): Int32 | Long | undefined {
  if (!wide && isInt32(Number(result))) return new Int32(Number(result));
  return result > int64Max || result < int64Min ? undefined : Long.fromBigInt(result);
}

type Combine = 'add' | 'multiply';

/**
 * Adds or multiplies two BSON numbers with MongoDB's result types: decimal if one is, else double if one is, else long if one is or the
 * result needs it, else int. Undefined when a long overflows.
 */
export function combineNumbers(a: unknown, b: unknown, how: Combine): unknown {
  const codes = [typeCode(a), typeCode(b)];
  if (codes.includes(19)) return decimalResult(a, b, how === 'add' ? addDecimals : multiplyDecimals);
  if (codes.includes(1)) {
    const x = Number(toNumber(a));
    const y = Number(toNumber(b));
    return new Double(how === 'add' ? x + y : x * y);
  }
  const x = integer(a);
  const y = integer(b);
  return narrow(how === 'add' ? x + y : x * y, codes.includes(18));
}

/** `$bit`: and, or, xor on ints and longs. */
export function combineBits(a: unknown, b: unknown, how: string): unknown {
  const x = integer(a);
  const y = integer(b);
  const wide = typeCode(a) === 18 || typeCode(b) === 18;
  const result = how === 'and' ? x & y : how === 'or' ? x | y : x ^ y;
  return narrow(result, wide);
}
