import { Decimal128, Int32, Timestamp } from 'bson';
import { combineBits, combineNumbers } from '../arithmetic.ts';
import { CommandError } from '../errors.ts';
import { typeName } from '../match/type-names.ts';
import { compareValues, equalValues, field, isDocument, isNumeric, typeCode } from '../values.ts';
import { addToSetOperation, popOperation, pullAllOperation, pullOperation, pushOperation } from './array-operations.ts';
import type { MakeOperation, Operation } from './operation.ts';
import type { Change } from './parse-update.ts';

/** Every update operator by name. https://www.mongodb.com/docs/manual/reference/operator/update/ */
export const operations: Readonly<Record<string, MakeOperation>> = {
  $set: setOperation,
  $setOnInsert: setOperation,
  $unset: () => ({ creates: false, apply: () => undefined }),
  $inc: arithmetic('$inc', 'add'),
  $mul: arithmetic('$mul', 'multiply'),
  $min: extremum((order) => order < 0),
  $max: extremum((order) => order > 0),
  $currentDate: currentDate,
  $bit: bitOperation,
  $push: pushOperation,
  $addToSet: addToSetOperation,
  $pop: popOperation,
  $pull: pullOperation,
  $pullAll: pullAllOperation,
};

function setOperation({ operand }: Change): Operation {
  return { creates: true, apply: () => operand };
}

function arithmetic(name: string, how: 'add' | 'multiply'): MakeOperation {
  return ({ operand, path }) => {
    if (!isNumeric(operand))
      throw new CommandError(
        14,
        `Cannot ${how === 'add' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: ${JSON.stringify(operand)}}`,
      );
    return {
      creates: true,
      apply: (value) => {
        if (value === undefined) return how === 'add' ? operand : combineNumbers(zeroLike(operand), operand, how);
        if (!isNumeric(value))
          throw new CommandError(
            14,
            `Cannot apply ${name} to a value of non-numeric type. {field '${path}' is of non-numeric type ${typeName(value)}}`,
          );
        const result = combineNumbers(value, operand, how);
        if (result === undefined)
          throw new CommandError(
            2,
            `Failed to apply ${name} operations to current value for document: the result does not fit 64 bits`,
          );
        return result;
      },
    };
  };
}

function zeroLike(operand: unknown): unknown {
  return operand instanceof Decimal128 ? Decimal128.fromString('0') : new Int32(0);
}

function extremum(better: (order: number) => boolean): MakeOperation {
  return ({ operand }) => ({
    creates: true,
    apply: (value) => (value === undefined || better(compareValues(operand, value)) ? operand : value),
  });
}

function currentDate({ operand, path }: Change): Operation {
  const kind = isDocument(operand) ? field(operand, '$type') : operand;
  if (kind === 'timestamp') return { creates: true, apply: () => Timestamp.fromBits(1, Math.floor(Date.now() / 1000)) };
  if (typeof kind !== 'boolean' && kind !== 'date')
    throw new CommandError(
      2,
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path}: ${JSON.stringify(operand)}}}`,
    );
  return { creates: true, apply: () => new Date() };
}

function isInteger(value: unknown): boolean {
  const code = typeCode(value);
  return code === 16 || code === 18;
}

function bitOperation({ operand, path }: Change): Operation {
  if (!isDocument(operand))
    throw new CommandError(
      2,
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  const steps = Object.entries(operand);
  if (steps.length === 0)
    throw new CommandError(
      2,
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  for (const [how, mask] of steps) {
    if (!['and', 'or', 'xor'].includes(how))
      throw new CommandError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${how}' which is an unknown operator: {${how}: ${String(mask)}}`,
      );
    if (!isInteger(mask))
      throw new CommandError(
        2,
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(mask)}' is not supported here`,
      );
  }
  return {
    creates: true,
    apply: (value) => {
      if (value !== undefined && !isInteger(value))
        throw new CommandError(
          2,
          `Cannot apply $bit to a value of non-integral type.{${path}: has the field of non-integer type ${typeName(value)}}`,
        );
      const result = steps.reduce<unknown>((bits, [how, mask]) => combineBits(bits, mask, how), value ?? new Int32(0));
      return value !== undefined && equalValues(result, value) ? value : result;
    },
  };
}
