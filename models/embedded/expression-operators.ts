import { Decimal128, Long, ObjectId } from 'bson';
import { evalExpr } from 'mingo/core';
import { CommandError } from './errors.ts';
import { typeName } from './match/type-names.ts';
import { compareValues, equalValues, isNumeric, typeCode } from './values.ts';

type Operator = (doc: unknown, operand: unknown, options: never) => unknown;

function evaluate(doc: unknown, operand: unknown, options: never): unknown {
  return evalExpr(doc, operand, options);
}

/** Expressions see a missing field as less than null; everything else is MongoDB's order of values. */
function compareInExpression(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  return Math.sign(compareValues(a, b));
}

function comparison(name: string, answer: (order: number) => unknown): Operator {
  return (doc, operand, options) => {
    if (!Array.isArray(operand) || operand.length !== 2)
      throw new CommandError(
        16020,
        `Expression ${name} takes exactly 2 arguments. ${Array.isArray(operand) ? operand.length : 1} were passed in.`,
      );
    const [a, b] = (operand as unknown[]).map((each) => evaluate(doc, each, options));
    return answer(compareInExpression(a, b));
  };
}

function pair(name: string, doc: unknown, operand: unknown, options: never): unknown[] {
  if (!Array.isArray(operand) || operand.length !== 2)
    throw new CommandError(16020, `Expression ${name} takes exactly 2 arguments.`);
  return (operand as unknown[]).map((each) => evaluate(doc, each, options) ?? null);
}

function single(operand: unknown): unknown {
  return Array.isArray(operand) && operand.length === 1 ? (operand as unknown[])[0] : operand;
}

function numbersOf(name: string, doc: unknown, operand: unknown, options: never): number[] | null {
  const list = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((each) =>
    evaluate(doc, each, options),
  );
  if (list.some((each) => each === null || each === undefined)) return null;
  const stray = list.find((each) => typeof each !== 'number');
  if (stray !== undefined) throw new CommandError(14, `${name} only supports numeric types, not ${typeName(stray)}`);
  return list as number[];
}

function binary(name: string, compute: (a: number, b: number) => number): Operator {
  return (doc, operand, options) => {
    const numbers = numbersOf(name, doc, operand, options);
    return numbers === null ? null : compute(Number(numbers[0]), Number(numbers[1]));
  };
}

/** Rounds to a number of decimal places; `$round` halves to even. */
function places(name: string, whole: (value: number) => number): Operator {
  return (doc, operand, options) => {
    const numbers = numbersOf(name, doc, operand, options);
    if (numbers === null) return null;
    const [value = 0, digits = 0] = numbers;
    if (digits < -20 || digits > 100)
      throw new CommandError(51083, `cannot apply ${name} with precision value ${digits}`);
    if (digits === 0) return whole(value);
    return digits > 0
      ? Number(`${whole(Number(`${value}e${digits}`))}e${-digits}`)
      : whole(value / 10 ** -digits) * 10 ** -digits;
  };
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function text(name: string, change: (value: string) => string): Operator {
  return (doc, operand, options) => {
    const value = evaluate(doc, operand, options);
    if (value === null || value === undefined) return '';
    const shown = value instanceof Date ? value.toISOString() : value;
    if (typeof shown !== 'string' && typeof shown !== 'number')
      throw new CommandError(16007, `can't convert from BSON type ${typeName(value)} to String in ${name}`);
    return change(String(shown));
  };
}

function add(doc: unknown, operand: unknown, options: never): unknown {
  const list = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((each) =>
    evaluate(doc, each, options),
  );
  if (list.some((each) => each === null || each === undefined)) return null;
  const dates = list.filter((each) => each instanceof Date);
  if (dates.length > 1) throw new CommandError(16612, 'only one date allowed in an $add expression');
  const stray = list.find((each) => typeof each !== 'number' && !(each instanceof Date));
  if (stray !== undefined)
    throw new CommandError(14, `$add only supports numeric or date types, not ${typeName(stray)}`);
  const total = list.reduce<number>((sum, each) => sum + Number(each), 0);
  return dates.length === 1 ? new Date(total) : total;
}

function subtract(doc: unknown, operand: unknown, options: never): unknown {
  const [a, b] = pair('$subtract', doc, operand, options);
  if (a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof Date && (b instanceof Date || typeof b === 'number')) {
    const difference = a.getTime() - Number(b);
    return b instanceof Date ? difference : new Date(difference);
  }
  throw new CommandError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

/** The position of a text in another, in code points, from a start to an end. */
function indexOfCodePoint(doc: unknown, operand: unknown, options: never): unknown {
  const [whole, part, start, end] = (operand as unknown[]).map((each) => evaluate(doc, each, options));
  if (whole === null || whole === undefined) return null;
  if (typeof whole !== 'string')
    throw new CommandError(40093, `$indexOfCP requires a string as the first argument, found: ${typeName(whole)}`);
  if (typeof part !== 'string')
    throw new CommandError(40094, `$indexOfCP requires a string as the second argument, found: ${typeName(part)}`);
  const points = Array.from(whole).slice(0, typeof end === 'number' ? end : undefined);
  const from = typeof start === 'number' ? start : 0;
  const rest = points.slice(from).join('');
  const at = rest.indexOf(part);
  return at === -1 ? -1 : from + Array.from(rest.slice(0, at)).length;
}

function toText(doc: unknown, operand: unknown, options: never): unknown {
  const value = evaluate(doc, operand, options) ?? null;
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof ObjectId || value instanceof Decimal128 || value instanceof Long) return value.toString();
  throw new CommandError(
    241,
    `Unsupported conversion from ${typeName(value)} to string in $convert with no onError value`,
  );
}

/** Operators mingo lacks, or answers by JavaScript's rules where BSON's differ. */
export const ownExpressions: Readonly<Record<string, Operator>> = {
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: comparison('$cmp', (order) => order),
  $in: (doc, operand, options) => {
    if (!Array.isArray(operand) || operand.length !== 2)
      throw new CommandError(16020, 'Expression $in takes exactly 2 arguments.');
    const [needle, list] = (operand as unknown[]).map((each) => evaluate(doc, each, options));
    if (!Array.isArray(list))
      throw new CommandError(40081, `$in requires an array as a second argument, found: ${typeName(list)}`);
    return (list as unknown[]).some((each) => equalValues(each, needle));
  },
  $type: (doc, operand, options) => typeName(evaluate(doc, single(operand), options)),
  $isNumber: (doc, operand, options) => isNumeric(evaluate(doc, single(operand), options)),
  $add: add,
  $subtract: subtract,
  $round: places('$round', halfToEven),
  $trunc: places('$trunc', Math.trunc),
  $toUpper: text('$toUpper', (value) => value.toUpperCase()),
  $toLower: text('$toLower', (value) => value.toLowerCase()),
  $toString: toText,
  $indexOfCP: indexOfCodePoint,
  $multiply: (doc, operand, options) =>
    numbersOf('$multiply', doc, operand, options)?.reduce((product, each) => product * each, 1) ?? null,
  $divide: binary('$divide', (a, b) => {
    if (b === 0) throw new CommandError(2, "can't $divide by zero");
    return a / b;
  }),
  $mod: binary('$mod', (a, b) => {
    if (b === 0) throw new CommandError(16610, "can't $mod by zero");
    return a % b;
  }),
  $size: (doc, operand, options) => {
    const list = evaluate(doc, single(operand), options);
    if (!Array.isArray(list))
      throw new CommandError(17124, `The argument to $size must be an array, but was of type: ${typeName(list)}`);
    return list.length;
  },
  $toObjectId: (doc, operand, options) => {
    const value = evaluate(doc, single(operand), options);
    if (value === null || value === undefined) return null;
    if (typeCode(value) === 7) return value;
    if (typeof value !== 'string' || !/^[0-9a-fA-F]{24}$/.test(value))
      throw new CommandError(
        241,
        `Failed to parse objectId '${JSON.stringify(value)}' in $convert with no onError value`,
      );
    return new ObjectId(value);
  },
};
