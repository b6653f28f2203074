import { Aggregator } from 'mingo';
import { Context, ProcessingMode } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as pipelineOperators from 'mingo/operators/pipeline';
import * as queryOperators from 'mingo/operators/query';
import * as windowOperators from 'mingo/operators/window';
import { CommandError } from '../errors.ts';
import { context as expressionContext } from '../expressions.ts';
import { normaliseExpression } from '../normalise-expression.ts';
import { plain } from '../plain.ts';
import { type Doc, isDocument, withIdFirst } from '../values.ts';
import type { Stage, StageContext } from './stage.ts';

const withoutScripts = Object.fromEntries(Object.entries(accumulators).filter(([name]) => name !== '$accumulator'));

const everything = Context.from(
  expressionContext,
  Context.init({
    accumulator: withoutScripts as never,
    pipeline: pipelineOperators,
    query: Object.fromEntries(Object.entries(queryOperators).filter(([name]) => name !== '$where')) as never,
    window: windowOperators,
  }),
);

/** mingo's window stage is built on its own `$function`, so scripts are enabled here and refused in what clients send. */
const options = {
  context: everything,
  scriptEnabled: true,
  useStrictMode: true,
  failOnError: true,
  idKey: '_id',
  processingMode: ProcessingMode.CLONE_OFF,
} as const;

/** Stages that mingo runs on all documents at once. */
export const mingoStageNames: ReadonlySet<string> = new Set(['$setWindowFields', '$graphLookup']);

/** A stage that gathers its documents and has mingo work on them at the end. */
export function mingoStage(name: string, spec: unknown, context: StageContext): Stage {
  refuseScripts(spec);
  const docs: Doc[] = [];
  const collectionResolver = (collection: string): Doc[] =>
    context.read(collection, {}).map((doc) => plain(doc) as Doc);
  return {
    push(doc) {
      docs.push(plain(doc) as Doc);
      return true;
    },
    end(emit) {
      for (const doc of aggregate([{ [name]: normaliseExpression(plain(spec)) }], docs, collectionResolver))
        if (!emit('_id' in doc ? withIdFirst(doc) : doc)) return;
    },
  };
}

const scripts = new Set(['$function', '$accumulator', '$where']);

function refuseScripts(spec: unknown): void {
  if (Array.isArray(spec)) for (const each of spec as unknown[]) refuseScripts(each);
  if (!isDocument(spec)) return;
  for (const [name, each] of Object.entries(spec)) {
    if (scripts.has(name)) throw new CommandError(168, `Unrecognized expression '${name}'`);
    refuseScripts(each);
  }
}

function aggregate(pipeline: Doc[], docs: Doc[], collectionResolver?: (name: string) => Doc[]): Doc[] {
  try {
    return new Aggregator(pipeline, { ...options, ...(collectionResolver ? { collectionResolver } : {}) }).run(
      docs as never,
    );
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(2, error instanceof Error ? error.message : String(error));
  }
}

/** An accumulator we leave to mingo, as a function of a group's documents; undefined for one that does not exist. */
export function mingoAccumulator(name: string, operand: unknown): ((docs: Doc[]) => unknown) | undefined {
  if (!(name in withoutScripts)) return undefined;
  refuseScripts(operand);
  const prepared = normaliseExpression(plain(operand));
  return (docs) =>
    aggregate(
      [{ $group: { _id: null, value: { [name]: prepared } } }],
      docs.map((doc) => plain(doc) as Doc),
    )[0]?.['value'];
}
