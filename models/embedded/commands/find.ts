import type { Collection } from '../catalog.ts';
import { encode } from '../codec.ts';
import type { Source } from '../cursors.ts';
import type { Engine } from '../engine.ts';
import { encodeId } from '../key-encoding.ts';
import {
  compileFilter,
  type ExpressionEvaluator,
  isOperatorDocument,
  type Matcher,
  type MatchDetails,
} from '../match/matcher.ts';
import { type Plan, plan } from '../planner.ts';
import { compileProjection } from '../projection.ts';
import { cursorReply, type Reply } from '../reply.ts';
import { docOf, type Found, Scan } from '../scan.ts';
import { parseSort, type SortSpec } from '../sorting.ts';
import { ScanSource, type Shape, SortedSource } from '../sources.ts';
import { type Doc, field, isDocument, isNumeric, typeCode } from '../values.ts';
import { collectionName, type Command, documentOption, flagOption, numberOption } from './command.ts';

const firstBatchSize = 101;
/** Replies stop here, so that even one more document keeps them within a message. */
export const replyBytes = 16 * 1024 * 1024;

export interface FindQuestion {
  readonly filter: Doc;
  readonly sort: SortSpec;
  readonly projection: Doc | undefined;
  readonly skip: number;
  readonly limit: number;
  readonly hint: unknown;
}

/** find: https://www.mongodb.com/docs/manual/reference/command/find/ */
export async function find(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const { body, db } = command;
  const question = parseFind(body);
  const ns = `${db}.${name}`;
  const evaluate = needsExpressions(question) ? await engine.expressions() : undefined;
  const collection = engine.find(db, name);
  if (!collection) {
    compileFilter(question.filter, { evaluate });
    if (question.projection) compileProjection(question.projection, { evaluate });
    return cursorReply('firstBatch', 0n, ns, []);
  }
  const single = byId(engine, collection, question);
  if (single) return cursorReply('firstBatch', 0n, ns, single);
  const { source } = openFind(engine, collection, question, evaluate);
  const given = field(body, 'batchSize');
  return firstBatch(
    engine,
    ns,
    source,
    given === undefined ? firstBatchSize : numberOption(body, 'batchSize', 0),
    flagOption(body, 'singleBatch'),
  );
}

/** Answers with a source's first documents and opens a cursor for the rest. */
export async function firstBatch(
  engine: Engine,
  ns: string,
  source: Source,
  size: number,
  single: boolean,
): Promise<Reply> {
  const documents = await source.next(size, replyBytes);
  const id = source.done || single ? 0n : engine.cursors.open(ns, source);
  return cursorReply('firstBatch', id, ns, documents);
}

export function parseFind(body: Doc): FindQuestion {
  const given = numberOption(body, 'limit', 0, -Infinity);
  return {
    filter: documentOption(body, 'filter') ?? {},
    sort: parseSort(documentOption(body, 'sort') ?? {}),
    projection: documentOption(body, 'projection'),
    skip: numberOption(body, 'skip', 0),
    limit: Math.abs(given),
    hint: hintOf(body),
  };
}

export function hintOf(body: Doc): unknown {
  const hint = field(body, 'hint');
  return isDocument(hint) && Object.keys(hint).length === 0 ? undefined : hint;
}

/** Whether a filter or projection uses the expression language. */
function needsExpressions({ filter, projection }: FindQuestion): boolean {
  return (
    usesExpr(filter) ||
    (projection !== undefined &&
      Object.values(projection).some((value) => typeof value !== 'boolean' && !isNumeric(value)))
  );
}

export function usesExpr(value: unknown): boolean {
  if (Array.isArray(value)) return (value as unknown[]).some(usesExpr);
  return isDocument(value) && Object.entries(value).some(([name, each]) => name === '$expr' || usesExpr(each));
}

/** The fast way: a filter that is an equality on `_id` alone. */
function byId(engine: Engine, collection: Collection, question: FindQuestion): Buffer[] | undefined {
  const id = idOnly(question.filter);
  if (id === undefined || question.projection || question.skip > 0 || question.hint !== undefined) return undefined;
  const raw = engine.store.get(collection.space, encodeId(id));
  return raw ? [raw] : [];
}

/** The `_id` a filter asks for and nothing else; undefined for any other filter. */
export function idOnly(filter: Doc): unknown {
  const names = Object.keys(filter);
  if (names.length !== 1 || names[0] !== '_id') return undefined;
  const id = filter['_id'];
  const code = typeCode(id);
  return code === 4 || code === 11 || code === 10 || isOperatorDocument(id) ? undefined : id;
}

/** Plans a find and makes the source of its documents. */
export function openFind(
  engine: Engine,
  collection: Collection,
  question: FindQuestion,
  evaluate: ExpressionEvaluator | undefined,
): { source: Source; plan: Plan; scan: Scan } {
  const filter = compileFilter(question.filter, { evaluate });
  const chosen = plan(engine.store, collection, question);
  const scan = new Scan(engine.store, collection, chosen, filterNeeded(question.filter) ? filter : undefined);
  const shape =
    question.projection && Object.keys(question.projection).length > 0
      ? shapeOf(question.projection, filter, evaluate)
      : undefined;
  const mustSort = question.sort.length > 0 && !chosen.sorted;
  const source = mustSort
    ? new SortedSource(scan, question.sort, question.skip, question.limit, shape)
    : new ScanSource(scan, question.skip, question.limit, shape);
  return { source, plan: chosen, scan };
}

function filterNeeded(filter: Doc): boolean {
  return Object.keys(filter).length > 0;
}

function shapeOf(projection: Doc, filter: Matcher, evaluate: ExpressionEvaluator | undefined): Shape {
  const project = compileProjection(projection, { evaluate });
  const positional = Object.keys(projection).some((path) => path.endsWith('.$'));
  return (found: Found) => {
    const doc = docOf(found);
    const details: MatchDetails = { position: -1 };
    if (positional) filter(doc, details);
    return encode(project(doc, details.position));
  };
}
