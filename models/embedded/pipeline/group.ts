import { Double, Int32 } from 'bson';
import { combineNumbers } from '../arithmetic.ts';
import { CommandError } from '../errors.ts';
import { encodeValue } from '../key-encoding.ts';
import type { ExpressionEvaluator } from '../match/matcher.ts';
import { compareValues, type Doc, isDocument, isNumeric, toNumber, typeOrder } from '../values.ts';
import { mingoAccumulator } from './mingo-stages.ts';
import type { Stage, StageContext } from './stage.ts';

/** Gathers the values of one group. */
interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
}

/** `$group`: https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/ */
export function groupStage(spec: unknown, { evaluate }: StageContext): Stage {
  if (!isDocument(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!('_id' in spec)) throw new CommandError(15955, 'a group specification must include an _id');
  const fields = Object.entries(spec)
    .filter(([name]) => name !== '_id')
    .map(([name, definition]) => parseField(name, definition, evaluate));
  const key = spec['_id'];
  evaluate.check(key);
  const groups = new Map<string, { id: unknown; accumulators: Accumulator[] }>();
  return {
    push(doc) {
      const id = evaluate(key, doc) ?? null;
      const name = encodeValue(id).toString('latin1');
      let group = groups.get(name);
      if (!group) {
        group = { id, accumulators: fields.map(({ make }) => make()) };
        groups.set(name, group);
      }
      for (const [index, { value }] of fields.entries()) group.accumulators[index]?.add(value(doc));
      return true;
    },
    end(emit) {
      for (const { id, accumulators } of groups.values()) {
        const doc: Doc = { _id: id };
        for (const [index, { name }] of fields.entries()) doc[name] = accumulators[index]?.result();
        if (!emit(doc)) return;
      }
    },
  };
}

interface GroupField {
  readonly name: string;
  readonly make: () => Accumulator;
  readonly value: (doc: Doc) => unknown;
}

function parseField(name: string, definition: unknown, evaluate: ExpressionEvaluator): GroupField {
  if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDocument(definition)) throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  const [operator = ''] = Object.keys(definition);
  if (Object.keys(definition).length !== 1)
    throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  const operand = definition[operator];
  const own = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
  if (own) {
    if (operator === '$count') return { name, make: own, value: () => 1 };
    evaluate.check(operand);
    return { name, make: own, value: (doc) => evaluate(operand, doc) };
  }
  const foreign = mingoAccumulator(operator, operand);
  if (!foreign) throw new CommandError(15952, `unknown group operator '${operator}'`);
  return { name, make: () => foreignAccumulator(foreign), value: (doc) => doc };
}

function foreignAccumulator(compute: (docs: Doc[]) => unknown): Accumulator {
  const docs: Doc[] = [];
  return {
    add: (doc) => {
      docs.push(doc as Doc);
    },
    result: () => compute(docs) ?? null,
  };
}

function sum(): Accumulator {
  let total: unknown = new Int32(0);
  return {
    add: (value) => {
      if (isNumeric(value))
        total = combineNumbers(total, value, 'add') ?? new Double(Number(toNumber(total)) + Number(toNumber(value)));
    },
    result: () => total,
  };
}

function avg(): Accumulator {
  let total = 0;
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      total += Number(toNumber(value));
      count += 1;
    },
    result: () => (count === 0 ? null : new Double(total / count)),
  };
}

function extremum(sign: number): () => Accumulator {
  return () => {
    let best: unknown;
    return {
      add: (value) => {
        if (value === undefined || typeOrder(value) === 0x10) return;
        if (best === undefined || compareValues(value, best) * sign > 0) best = value;
      },
      result: () => best ?? null,
    };
  };
}

function pushAll(): Accumulator {
  const values: unknown[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function addToSet(): Accumulator {
  const values = new Map<string, unknown>();
  return {
    add: (value) => {
      if (value !== undefined) values.set(encodeValue(value).toString('latin1'), value);
    },
    result: () => [...values.values()],
  };
}

function first(): Accumulator {
  let seen = false;
  let kept: unknown;
  return {
    add: (value) => {
      if (!seen) kept = value;
      seen = true;
    },
    result: () => kept ?? null,
  };
}

function last(): Accumulator {
  let kept: unknown;
  return {
    add: (value) => {
      kept = value;
    },
    result: () => kept ?? null,
  };
}

function mergeObjects(): Accumulator {
  const merged: Doc = {};
  return {
    add: (value) => {
      if (value === undefined || value === null) return;
      if (!isDocument(value)) throw new CommandError(40400, '$mergeObjects requires object inputs');
      Object.assign(merged, value);
    },
    result: () => merged,
  };
}

/** Welford's running variance. */
function standardDeviation(sample: boolean): () => Accumulator {
  return () => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add: (value) => {
        if (!isNumeric(value)) return;
        const number = Number(toNumber(value));
        count += 1;
        const delta = number - mean;
        mean += delta / count;
        squares += delta * (number - mean);
      },
      result: () => {
        const divisor = sample ? count - 1 : count;
        return divisor <= 0 ? null : new Double(Math.sqrt(squares / divisor));
      },
    };
  };
}

const accumulators: Readonly<Record<string, () => Accumulator>> = {
  $sum: sum,
  $avg: avg,
  $min: extremum(-1),
  $max: extremum(1),
  $push: pushAll,
  $addToSet: addToSet,
  $first: first,
  $last: last,
  $count: sum,
  $mergeObjects: mergeObjects,
  $stdDevPop: standardDeviation(false),
  $stdDevSamp: standardDeviation(true),
};
