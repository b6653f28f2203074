import { CommandError } from '../errors.ts';
import { compileFilter, elementTest, isOperatorDocument, type ValueTest } from '../match/matcher.ts';
import { compileRegex } from '../match/regex.ts';
import { typeName } from '../match/type-names.ts';
import { compareBy, parseSort } from '../sorting.ts';
import { compareValues, type Doc, equalValues, field, isDocument, regexParts, toNumber, typeCode } from '../values.ts';
import type { Operation } from './operation.ts';
import type { Change } from './parse-update.ts';

function arrayAt(value: unknown, change: Change): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new CommandError(
    2,
    `The field '${change.path}' must be an array but is of type ${typeName(value)} in document`,
  );
}

const pushModifiers = new Set(['$each', '$slice', '$sort', '$position']);

interface Push {
  readonly each: readonly unknown[];
  readonly position: number | undefined;
  readonly slice: number | undefined;
  readonly sort: ((a: unknown, b: unknown) => number) | undefined;
}

function parsePush(operand: unknown): Push {
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) {
    const first = isDocument(operand) ? Object.keys(operand)[0] : undefined;
    if (first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first))
      throw new CommandError(
        pushModifiers.has(first) ? 2 : 52,
        `The dollar ($) prefixed field '${first}' in $push is not allowed without $each`,
      );
    return { each: [operand], position: undefined, slice: undefined, sort: undefined };
  }
  const stranger = Object.keys(operand).find((name) => !pushModifiers.has(name));
  if (stranger !== undefined) throw new CommandError(2, `Unrecognized clause in $push: ${stranger}`);
  const each = operand['$each'];
  if (!Array.isArray(each))
    throw new CommandError(2, `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`);
  return {
    each,
    position: integerOption(operand, '$position'),
    slice: integerOption(operand, '$slice'),
    sort: sortOption(operand),
  };
}

function integerOption(operand: Doc, name: string): number | undefined {
  const given = field(operand, name);
  if (given === undefined) return undefined;
  const value = toNumber(given);
  if (value === undefined || !Number.isInteger(value))
    throw new CommandError(2, `The value for ${name} must be an integer value but was given type: ${typeName(given)}`);
  return value;
}

function sortOption(operand: Doc): Push['sort'] {
  const given = field(operand, '$sort');
  if (given === undefined) return undefined;
  const direction = toNumber(given);
  if (direction === 1 || direction === -1) return (a, b) => compareValues(a, b) * direction;
  if (!isDocument(given))
    throw new CommandError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  const compare = compareBy(parseSort(given));
  return (a, b) => compare(isDocument(a) ? a : {}, isDocument(b) ? b : {});
}

export function pushOperation(change: Change): Operation {
  const push = parsePush(change.operand);
  return {
    creates: true,
    apply: (value) => {
      const array = value === undefined ? [] : [...arrayAt(value, change)];
      const { position } = push;
      array.splice(
        position === undefined ? array.length : position < 0 ? Math.max(0, array.length + position) : position,
        0,
        ...push.each,
      );
      if (push.sort) array.sort(push.sort);
      if (push.slice === undefined) return array;
      return push.slice < 0 ? array.slice(push.slice) : array.slice(0, push.slice);
    },
  };
}

export function addToSetOperation(change: Change): Operation {
  const { operand } = change;
  const each = isDocument(operand) && Object.hasOwn(operand, '$each') ? operand['$each'] : [operand];
  if (!Array.isArray(each))
    throw new CommandError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each)}`,
    );
  return {
    creates: true,
    apply: (value) => {
      const array = value === undefined ? [] : arrayAt(value, change);
      const added: unknown[] = [];
      for (const item of each as unknown[])
        if (![...array, ...added].some((known) => equalValues(known, item))) added.push(item);
      return added.length === 0 && value !== undefined ? value : [...array, ...added];
    },
  };
}

export function popOperation(change: Change): Operation {
  const direction = toNumber(change.operand);
  if (direction === undefined)
    throw new CommandError(9, `Expected a number in: ${change.path}: ${JSON.stringify(change.operand)}`);
  if (direction !== 1 && direction !== -1) throw new CommandError(9, `$pop expects 1 or -1, found: ${direction}`);
  return {
    creates: false,
    apply: (value) => {
      if (value === undefined) return undefined;
      if (!Array.isArray(value))
        throw new CommandError(14, `Path '${change.path}' contains an element of non-array type '${typeName(value)}'`);
      const elements = value as unknown[];
      if (elements.length === 0) return elements;
      return direction === 1 ? elements.slice(0, -1) : elements.slice(1);
    },
  };
}

function without(value: unknown, change: Change, gone: ValueTest): unknown {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new CommandError(2, `Cannot apply ${change.operator} to a non-array value`);
  const kept = (value as unknown[]).filter((element) => !gone(element));
  return kept.length === value.length ? value : kept;
}

export function pullAllOperation(change: Change): Operation {
  const { operand } = change;
  if (!Array.isArray(operand))
    throw new CommandError(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
  const gone: ValueTest = (element) => (operand as unknown[]).some((each) => equalValues(each, element));
  return { creates: false, apply: (value) => without(value, change, gone) };
}

/** `$pull` by value, by operators on the element ({$gte: 3}), or by a filter on documents in the array. */
function pullTest(operand: unknown): ValueTest {
  if (isOperatorDocument(operand)) return elementTest(operand, {});
  if (isDocument(operand)) {
    const matches = compileFilter(operand);
    return (element) => isDocument(element) && matches(element);
  }
  if (typeCode(operand) === 11) {
    const regex = compileRegex(...regexParts(operand));
    return (element) => typeof element === 'string' && regex.test(element);
  }
  return (element) => equalValues(element, operand);
}

export function pullOperation(change: Change): Operation {
  const gone = pullTest(change.operand);
  return { creates: false, apply: (value) => without(value, change, gone) };
}
