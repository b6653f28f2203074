import { Int32, Long } from 'bson';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../match/matcher.ts';
import { typeName } from '../match/type-names.ts';
import { exactValue } from '../paths.ts';
import { parseSort, sortKey, splitSort } from '../sorting.ts';
import { type Doc, isDocument, isInt32, toNumber } from '../values.ts';
import { bucketStage } from './bucket.ts';
import { documentStage } from './document-stages.ts';
import { groupStage } from './group.ts';
import { facetStage, lookupStage, unionStage } from './joins.ts';
import { mingoStage, mingoStageNames } from './mingo-stages.ts';
import { redactStage } from './redact.ts';
import type { MakeStage, Stage, StageContext } from './stage.ts';
import { withValue } from './with-value.ts';

/** Stages of our own; the one-to-one ones are in document-stages, the rarer ones are mingo's. */
const ownStages: Readonly<Record<string, MakeStage>> = {
  $match: (spec, { evaluate }) => {
    if (!isDocument(spec)) throw new CommandError(15959, 'the match filter must be an expression in an object');
    const matches = compileFilter(spec, { evaluate });
    return { push: (doc, emit) => (matches(doc) ? emit(doc) : true) };
  },
  $sort: sortStage,
  $limit: limitStage,
  $skip: skipStage,
  $group: groupStage,
  $unwind: unwindStage,
  $count: countStage,
  $sortByCount: (spec, context) =>
    chain([groupStage({ _id: spec, count: { $sum: new Int32(1) } }, context), sortStage({ count: -1 })]),
  $sample: sampleStage,
  $lookup: lookupStage,
  $unionWith: unionStage,
  $facet: facetStage,
  $bucket: bucketStage,
  $redact: redactStage,
};

/** Makes one stage. Throws 40324 for a name MongoDB does not know either, CommandNotSupported (115) for what only MongoDB has. */
export function makeStage(stage: unknown, context: StageContext): Stage {
  if (!isDocument(stage) || Object.keys(stage).length !== 1)
    throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
  const [name = ''] = Object.keys(stage);
  const spec = stage[name];
  const own = Object.hasOwn(ownStages, name) ? ownStages[name] : undefined;
  if (own) return own(spec, context);
  const perDocument = documentStage(name, spec, context.evaluate);
  if (perDocument) return { push: (doc, emit) => emit(perDocument(doc)) };
  if (mingoStageNames.has(name)) return mingoStage(name, spec, context);
  if (onlyMongo.has(name)) throw new CommandError(115, `the embedded server has no ${name} stage`);
  throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

const onlyMongo = new Set([
  '$out',
  '$merge',
  '$geoNear',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$changeStream',
  '$indexStats',
  '$collStats',
  '$currentOp',
  '$listSessions',
  '$planCacheStats',
  '$documents',
  '$bucketAuto',
  '$densify',
  '$fill',
]);

/** Several stages as one. */
export function chain(stages: readonly Stage[]): Stage {
  const [first, ...rest] = stages;
  if (!first) return { push: (doc, emit) => emit(doc) };
  if (rest.length === 0) return first;
  const next = chain(rest);
  return {
    push: (doc, emit) => first.push(doc, (out) => next.push(out, emit)),
    end(emit) {
      first.end?.((out) => next.push(out, emit));
      next.end?.(emit);
    },
  };
}

function sortStage(spec: unknown): Stage {
  if (!isDocument(spec)) throw new CommandError(15973, 'the $sort key specification must be an object');
  const sort = splitSort(parseSort(spec));
  if (sort.length === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  const held: { key: Buffer; doc: Doc }[] = [];
  return {
    push(doc) {
      held.push({ key: sortKey(doc, sort), doc });
      return true;
    },
    end(emit) {
      held.sort((a, b) => Buffer.compare(a.key, b.key));
      for (const { doc } of held) if (!emit(doc)) return;
    },
  };
}

function wholeNumber(spec: unknown, name: string, least: number, code: number): number {
  const value = toNumber(spec);
  if (value === undefined || !Number.isInteger(value))
    throw new CommandError(
      5107201,
      `invalid argument to ${name} stage: Expected an integer: ${name}: ${JSON.stringify(spec)}`,
    );
  if (value < least)
    throw new CommandError(
      code,
      least === 1
        ? 'the limit must be positive'
        : `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${value}`,
    );
  return value;
}

function limitStage(spec: unknown): Stage {
  let left = wholeNumber(spec, '$limit', 1, 15958);
  return {
    push(doc, emit) {
      if (left === 0) return false;
      left -= 1;
      return emit(doc) && left > 0;
    },
  };
}

function skipStage(spec: unknown): Stage {
  let left = wholeNumber(spec, '$skip', 0, 5107200);
  return {
    push(doc, emit) {
      if (left === 0) return emit(doc);
      left -= 1;
      return true;
    },
  };
}

function countStage(spec: unknown): Stage {
  if (typeof spec !== 'string') throw new CommandError(40156, 'the count field must be a non-empty string');
  if (spec === '') throw new CommandError(40157, 'the count field must be a non-empty string');
  if (spec.startsWith('$')) throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  if (spec.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  let count = 0;
  return {
    push() {
      count += 1;
      return true;
    },
    end(emit) {
      if (count > 0) emit({ [spec]: new Int32(count) });
    },
  };
}

function sampleStage(spec: unknown): Stage {
  const size = isDocument(spec) ? toNumber(spec['size']) : undefined;
  if (size === undefined)
    throw new CommandError(28745, 'the $sample stage specification must be an object with a size');
  if (size <= 0) throw new CommandError(28747, 'size argument to $sample must be a positive integer');
  const held: Doc[] = [];
  let seen = 0;
  return {
    push(doc) {
      seen += 1;
      if (held.length < size) held.push(doc);
      else {
        const at = Math.floor(Math.random() * seen);
        if (at < size) held[at] = doc;
      }
      return true;
    },
    end(emit) {
      for (const doc of held) if (!emit(doc)) return;
    },
  };
}

interface Unwind {
  readonly parts: readonly string[];
  readonly keepEmpty: boolean;
  readonly index: string | undefined;
}

function parseUnwind(spec: unknown): Unwind {
  const path = isDocument(spec) ? spec['path'] : spec;
  if (typeof path !== 'string')
    throw new CommandError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  if (!path.startsWith('$'))
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const index = isDocument(spec) ? spec['includeArrayIndex'] : undefined;
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    throw new CommandError(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage');
  return {
    parts: path.slice(1).split('.'),
    keepEmpty: isDocument(spec) && spec['preserveNullAndEmptyArrays'] === true,
    index,
  };
}

function unwindStage(spec: unknown): Stage {
  const { parts, keepEmpty, index } = parseUnwind(spec);
  const made = (doc: Doc, value: unknown, position: number | null): Doc => {
    const copy = withValue(doc, parts, value);
    return index === undefined
      ? copy
      : withValue(
          copy,
          index.split('.'),
          position === null ? null : isInt32(position) ? Long.fromNumber(position) : position,
        );
  };
  const whole = (doc: Doc, value: unknown): Doc => (index === undefined ? doc : made(doc, value, null));
  return {
    push(doc, emit) {
      const value = exactValue(doc, parts);
      if (Array.isArray(value) && value.length > 0)
        return (value as unknown[]).every((element, position) => emit(made(doc, element, position)));
      if (Array.isArray(value)) return !keepEmpty || emit(made(doc, undefined, null));
      return ((value ?? null) === null && !keepEmpty) || emit(whole(doc, value));
    },
  };
}

/** Makes the stages of a pipeline, all checked before anything runs. */
export function makePipeline(pipeline: readonly unknown[], context: StageContext): Stage {
  return chain(pipeline.map((stage) => makeStage(stage, context)));
}
