import { Binary } from 'bson';
import { CommandError } from '../errors.ts';
import {
  compareValues,
  type Doc,
  equalValues,
  isNumeric,
  regexParts,
  toNumber,
  typeCode,
  typeOrder,
} from '../values.ts';
import { compileRegex } from './regex.ts';
import { compileTypeTest } from './type-names.ts';

type ValueTest = (value: unknown) => boolean;
type MakeTest = (operand: unknown, condition: Doc) => ValueTest;

/** Operators that test one value (or each element of an array) against an operand. */
export const leafOperators: Readonly<Record<string, MakeTest>> = {
  $eq: (operand) => (value) => equalValues(value, operand),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $in: compileIn,
  $regex: compileRegexOperator,
  $mod: compileMod,
  $type: compileTypeTest,
  $size: compileSizeTest,
  $bitsAllSet: bits((all, set) => set === all),
  $bitsAllClear: bits((_all, set) => set === 0n),
  $bitsAnySet: bits((_all, set) => set !== 0n),
  $bitsAnyClear: bits((all, set) => set !== all),
};

const minKeyOrder = 0x01;
const maxKeyOrder = 0xf0;

/** Range comparisons hold only between values of one type ("type bracketing"), except against MinKey and MaxKey. */
function comparison(accepts: (order: number) => boolean): MakeTest {
  return (operand) => {
    if (typeCode(operand) === 11) throw new CommandError(2, "Can't have RegEx as arg to predicate over field.");
    const type = typeOrder(operand);
    const acrossTypes = type === minKeyOrder || type === maxKeyOrder;
    const notNumber = isNumeric(operand) && Number.isNaN(toNumber(operand));
    return (value) => {
      if (typeOrder(value) !== type)
        return acrossTypes && value !== undefined && accepts(compareValues(value, operand));
      if (type !== 0x20) return accepts(compareValues(value, operand));
      if (notNumber !== Number.isNaN(toNumber(value))) return false;
      return accepts(compareValues(value, operand));
    };
  };
}

function compileIn(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new CommandError(2, '$in needs an array');
  const values = operand as unknown[];
  const stray = values.find(
    (value) => typeCode(value) === 3 && Object.keys(value as Doc)[0]?.startsWith('$') && !('$ref' in (value as Doc)),
  );
  if (stray !== undefined) throw new CommandError(2, 'cannot nest $ under $in');
  const patterns = values.filter((value) => typeCode(value) === 11).map((value) => regexTest(value));
  const plain = values.filter((value) => typeCode(value) !== 11);
  const strings = new Set(plain.filter((value) => typeof value === 'string'));
  const others = plain.filter((value) => typeof value !== 'string');
  return (value) => {
    if (typeof value === 'string') return strings.has(value) || patterns.some((test) => test(value));
    return others.some((other) => equalValues(value, other)) || patterns.some((test) => test(value));
  };
}

function regexTest(operand: unknown): ValueTest {
  const [pattern, options] = regexParts(operand);
  const regex = compileRegex(pattern, options);
  return (value) =>
    typeof value === 'string' ? regex.test(value) : typeCode(value) === 11 && equalValues(value, operand);
}

function compileRegexOperator(operand: unknown, condition: Doc): ValueTest {
  const given = Object.hasOwn(condition, '$options') ? condition['$options'] : undefined;
  if (given !== undefined && typeof given !== 'string') throw new CommandError(2, '$options has to be a string');
  if (typeof operand === 'string') {
    const regex = compileRegex(operand, given ?? '');
    return (value) => typeof value === 'string' && regex.test(value);
  }
  if (typeCode(operand) !== 11) throw new CommandError(2, '$regex has to be a string');
  if (given === undefined) return regexTest(operand);
  const [pattern, flags] = regexParts(operand);
  if (flags !== '') throw new CommandError(51074, 'options set in both $regex and $options');
  const regex = compileRegex(pattern, given);
  return (value) => typeof value === 'string' && regex.test(value);
}

function compileMod(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new CommandError(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new CommandError(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw new CommandError(2, 'malformed mod, too many elements');
  const [divisor, remainder] = (operand as unknown[]).map((each, index) => {
    const value = toNumber(each);
    if (value === undefined)
      throw new CommandError(
        2,
        index === 0 ? 'malformed mod, divisor not a number' : 'malformed mod, remainder not a number',
      );
    if (!Number.isFinite(value))
      throw new CommandError(
        2,
        'malformed mod, divisor value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type',
      );
    return Math.trunc(value);
  });
  if (divisor === 0) throw new CommandError(2, 'divisor cannot be 0');
  return (value) => {
    const number = toNumber(value);
    return (
      number !== undefined &&
      Number.isFinite(number) &&
      (Math.trunc(number) % Number(divisor)) + 0 === Number(remainder) + 0
    );
  };
}

function compileSizeTest(operand: unknown): ValueTest {
  const size = toNumber(operand);
  if (size === undefined)
    throw new CommandError(2, `Failed to parse $size. Expected a number in: $size: ${JSON.stringify(operand)}`);
  if (!Number.isInteger(size)) throw new CommandError(2, `Failed to parse $size. Expected an integer: $size: ${size}`);
  if (size < 0) throw new CommandError(2, `Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return (value) => Array.isArray(value) && value.length === size;
}

function bitMask(operand: unknown): bigint {
  if (Array.isArray(operand))
    return (operand as unknown[]).reduce<bigint>((mask, each) => {
      const bit = toNumber(each);
      if (bit === undefined || !Number.isInteger(bit) || bit < 0)
        throw new CommandError(2, 'bit positions must be non-negative integers');
      return mask | (1n << BigInt(bit));
    }, 0n);
  if (operand instanceof Binary) return bytesAsBits(operand);
  const number = toNumber(operand);
  if (number === undefined) throw new CommandError(2, 'a bit mask must be a number, an array or binary data');
  if (!Number.isInteger(number) || number < 0)
    throw new CommandError(9, `Expected a non-negative integer bit mask: ${number}`);
  return BigInt(number);
}

function bytesAsBits(binary: Binary): bigint {
  return binary.value().reduce((mask, byte, index) => mask | (BigInt(byte) << BigInt(index * 8)), 0n);
}

function bits(accepts: (all: bigint, set: bigint) => boolean): MakeTest {
  return (operand) => {
    const mask = bitMask(operand);
    return (value) => {
      if (value instanceof Binary) return accepts(mask, bytesAsBits(value) & mask);
      const number = toNumber(value);
      return (
        number !== undefined && Number.isInteger(number) && accepts(mask, BigInt.asUintN(64, BigInt(number)) & mask)
      );
    };
  };
}
