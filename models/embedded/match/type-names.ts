import { CommandError } from '../errors.ts';
import { isNumeric, toNumber, typeCode } from '../values.ts';

/** BSON type aliases of `$type`. https://www.mongodb.com/docs/manual/reference/bson-types/ */
export const typeCodes: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

const nameByCode = new Map(Object.entries(typeCodes).map(([name, code]) => [code, name]));

/** The alias of a value's type, 'missing' for undefined: what the `$type` expression answers. */
export function typeName(value: unknown): string {
  return value === undefined ? 'missing' : (nameByCode.get(typeCode(value)) ?? 'object');
}

function parseType(operand: unknown): (value: unknown) => boolean {
  if (operand === 'number') return isNumeric;
  const code = typeof operand === 'string' ? typeCodes[operand] : toNumber(operand);
  if (typeof operand === 'string' && code === undefined)
    throw new CommandError(2, `Unknown type name alias: ${operand}`);
  if (code === undefined) throw new CommandError(14, 'type must be represented as a number or a string');
  if (!nameByCode.has(code)) throw new CommandError(2, `Invalid numerical type code: ${code}`);
  return (value) => value !== undefined && typeCode(value) === code;
}

/** `$type` with one alias or number, or an array of them. */
export function compileTypeTest(operand: unknown): (value: unknown) => boolean {
  if (!Array.isArray(operand)) return parseType(operand);
  if (operand.length === 0) throw new CommandError(9, '$type must match at least one type');
  const tests = (operand as unknown[]).map(parseType);
  return (value) => tests.some((test) => test(value));
}
