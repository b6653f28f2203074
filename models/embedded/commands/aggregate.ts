import type { Collection } from '../catalog.ts';
import { encode } from '../codec.ts';
import type { Source } from '../cursors.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { compileFilter, type ExpressionEvaluator } from '../match/matcher.ts';
import type { Stage, StageContext } from '../pipeline/stage.ts';
import { plan } from '../planner.ts';
import type { Reply } from '../reply.ts';
import { breathe, docOf, Scan } from '../scan.ts';
import { parseSort } from '../sorting.ts';
import { type Doc, field, isDocument } from '../values.ts';
import { type Command, documentOption, numberOption } from './command.ts';
import { firstBatch, hintOf } from './find.ts';

/** aggregate: https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
export async function aggregate(engine: Engine, command: Command): Promise<Reply> {
  const { body, db } = command;
  const { name, pipeline, cursor } = parseAggregate(body);
  const [evaluate, { makePipeline }] = await Promise.all([engine.expressions(), import('../pipeline/stages.ts')]);
  const { leading, rest } = splitLeading(pipeline);
  const context = stageContext(engine, db, evaluate, makePipeline, documentOption(body, 'let') ?? {});
  const sort = parseSort(leading.sort);
  const question = { filter: leading.filter, sort, hint: hintOf(body) };
  const matcher = compileFilter(question.filter, { evaluate: context.evaluate });
  const collection = engine.find(db, name);
  const found = collection && scanOf(engine, collection, question, matcher);
  const unsorted = sort.length > 0 && found?.sorted !== true;
  const stage = makePipeline(unsorted ? [{ $sort: leading.sort }, ...rest] : rest, context);
  const size = 'batchSize' in cursor ? numberOption(cursor, 'batchSize', 0) : 101;
  return firstBatch(engine, `${db}.${name}`, new PipelineSource(found?.scan, stage), size, false);
}

function parseAggregate(body: Doc): { name: string; pipeline: readonly unknown[]; cursor: Doc } {
  const name = field(body, 'aggregate');
  const pipeline = field(body, 'pipeline');
  const cursor = documentOption(body, 'cursor');
  if (!Array.isArray(pipeline))
    throw new CommandError(14, "BSON field 'aggregate.pipeline' is missing or the wrong type, expected type 'array'");
  if (!cursor)
    throw new CommandError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  if (typeof name !== 'string')
    throw new CommandError(
      73,
      "the 'aggregate' field must name a collection; collectionless aggregations are not supported",
    );
  return { name, pipeline, cursor };
}

interface Leading {
  filter: Doc;
  sort: Doc;
}

/** The `$match` and `$sort` a pipeline begins with, which indexes can serve. */
function splitLeading(pipeline: readonly unknown[]): { leading: Leading; rest: readonly unknown[] } {
  const leading: Leading = { filter: {}, sort: {} };
  let at = 0;
  const match = stageSpec(pipeline[at], '$match');
  if (match) {
    leading.filter = match;
    at += 1;
  }
  const sort = stageSpec(pipeline[at], '$sort');
  if (sort && Object.keys(sort).length > 0) {
    leading.sort = sort;
    at += 1;
  }
  return { leading, rest: pipeline.slice(at) };
}

function stageSpec(stage: unknown, name: string): Doc | undefined {
  if (!isDocument(stage) || Object.keys(stage).length !== 1) return undefined;
  const spec = stage[name];
  return isDocument(spec) ? spec : undefined;
}

function scanOf(
  engine: Engine,
  collection: Collection,
  question: Parameters<typeof plan>[2],
  matcher: ReturnType<typeof compileFilter>,
): { scan: Scan; sorted: boolean } {
  const chosen = plan(engine.store, collection, question);
  return {
    scan: new Scan(engine.store, collection, chosen, Object.keys(question.filter).length > 0 ? matcher : undefined),
    sorted: chosen.sorted,
  };
}

type MakePipeline = (pipeline: readonly unknown[], context: StageContext) => Stage;

function stageContext(
  engine: Engine,
  db: string,
  evaluate: ExpressionEvaluator,
  makePipeline: MakePipeline,
  variables: Doc,
): StageContext {
  const withVariables = Object.keys(variables).length === 0 ? evaluate : bind(evaluate, variables);
  const context: StageContext = {
    db,
    evaluate: withVariables,
    read(name, filter) {
      const collection = engine.find(db, name);
      if (!collection) return [];
      const { scan } = scanOf(
        engine,
        collection,
        { filter, sort: [] },
        compileFilter(filter, { evaluate: withVariables }),
      );
      const docs: Doc[] = [];
      while (!scan.done) docs.push(...scan.next(1000).map(docOf));
      return docs;
    },
    stages: (pipeline) => makePipeline(pipeline, context),
    run(pipeline, docs, inner = {}) {
      const scope =
        Object.keys(inner).length === 0
          ? context
          : stageContext(engine, db, evaluate, makePipeline, { ...variables, ...inner });
      const out: Doc[] = [];
      const stage = makePipeline(pipeline, scope);
      for (const doc of docs) if (!stage.push(doc, (result) => out.push(result) > 0)) break;
      stage.end?.((result) => out.push(result) > 0);
      return out;
    },
  };
  return context;
}

/** Expressions with variables from outside become `$let`. */
function bind(evaluate: ExpressionEvaluator, variables: Doc): ExpressionEvaluator {
  const vars = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, { $literal: value ?? null }]),
  );
  const wrapped = new WeakMap<object, unknown>();
  const wrap = (expression: unknown): unknown => {
    if (typeof expression === 'string')
      return expression.startsWith('$$') ? { $let: { vars, in: expression } } : expression;
    if (typeof expression !== 'object' || expression === null) return expression;
    const known = wrapped.get(expression) ?? { $let: { vars, in: expression } };
    wrapped.set(expression, known);
    return known;
  };
  return Object.assign((expression: unknown, doc: Doc) => evaluate(wrap(expression), doc), {
    check(expression: unknown): void {
      evaluate.check(wrap(expression));
    },
  });
}

const pieceSize = 256;

/** Feeds a scan through stages as the cursor is read; stages that need all documents answer once the scan is through. */
class PipelineSource implements Source {
  readonly #scan: Scan | undefined;
  readonly #stage: Stage;
  #ready: Doc[] = [];
  #taken = 0;
  #open = true;

  constructor(scan: Scan | undefined, stage: Stage) {
    this.#scan = scan;
    this.#stage = stage;
  }

  get done(): boolean {
    return !this.#open && this.#taken === this.#ready.length;
  }

  async next(count: number, bytes: number): Promise<Buffer[]> {
    while (this.#open && this.#ready.length - this.#taken < count) await this.#pump();
    const batch: Buffer[] = [];
    let size = 0;
    for (const doc of this.#ready.slice(this.#taken, count === Infinity ? undefined : this.#taken + count)) {
      const document = encode(doc);
      size += document.length;
      if (size > bytes && batch.length > 0) break;
      batch.push(document);
    }
    this.#taken += batch.length;
    if (this.#taken === this.#ready.length) {
      this.#ready = [];
      this.#taken = 0;
    }
    return batch;
  }

  async #pump(): Promise<void> {
    const emit = (doc: Doc): boolean => this.#ready.push(doc) > 0;
    const more = this.#scan?.next(pieceSize).every((found) => this.#stage.push(docOf(found), emit)) ?? false;
    if (more && this.#scan?.done === false) {
      await breathe();
      return;
    }
    this.#open = false;
    this.#stage.end?.(emit);
  }
}
