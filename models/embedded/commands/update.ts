import type { Collection } from '../catalog.ts';
import { encode, maxWriteBatch } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { encodeId } from '../key-encoding.ts';
import { compileFilter, type MatchDetails, type Matcher } from '../match/matcher.ts';
import { plan } from '../planner.ts';
import type { Reply } from '../reply.ts';
import { docOf, type Found, pieces, Scan } from '../scan.ts';
import { parseSort, sortKey, type SortSpec, splitSort } from '../sorting.ts';
import { buildUpsert, type CompiledUpdate, compileUpdate } from '../update/compile-update.ts';
import { isOperatorUpdate } from '../update/parse-update.ts';
import { type Doc, field, isDocument } from '../values.ts';
import { collectionName, type Command, documentList, documentOption, flagOption } from './command.ts';
import { hintOf, idOnly, usesExpr } from './find.ts';
import { writeError, writeReply } from './write-errors.ts';

interface Statement {
  readonly filter: Doc;
  readonly matcher: Matcher;
  readonly update: CompiledUpdate;
  readonly multi: boolean;
  readonly upsert: boolean;
  readonly sort: SortSpec;
  readonly hint: unknown;
}

interface Outcome {
  matched: number;
  modified: number;
  upserted: unknown;
}

/** update: https://www.mongodb.com/docs/manual/reference/command/update/ */
export async function update(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const updates = documentList(command, 'updates');
  if (updates.length === 0 || updates.length > maxWriteBatch)
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${maxWriteBatch}. Got ${updates.length} operations.`,
    );
  const ordered = command.body['ordered'] !== false;
  const errors: Doc[] = [];
  const upserted: Doc[] = [];
  let n = 0;
  let nModified = 0;
  for (const [index, spec] of updates.entries()) {
    try {
      const outcome = await runStatement(engine, command.db, name, await parseStatement(engine, spec));
      n += outcome.matched;
      nModified += outcome.modified;
      if (outcome.upserted !== undefined) {
        n += 1;
        upserted.push({ index, _id: outcome.upserted });
      }
    } catch (error) {
      errors.push(writeError(error, index));
      if (ordered) break;
    }
  }
  return writeReply({ n, nModified, ...(upserted.length > 0 ? { upserted } : {}) }, errors);
}

async function parseStatement(engine: Engine, spec: Doc): Promise<Statement> {
  const filter = documentOption(spec, 'q');
  if (!filter) throw new CommandError(40414, "BSON field 'update.updates.q' is missing but a required field");
  const change = field(spec, 'u');
  if (change === undefined)
    throw new CommandError(40414, "BSON field 'update.updates.u' is missing but a required field");
  const evaluate = Array.isArray(change) || usesExpr(filter) ? await engine.expressions() : undefined;
  const multi = flagOption(spec, 'multi');
  if (multi && isDocument(change) && !isOperatorUpdate(change))
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  const arrayFilters = field(spec, 'arrayFilters');
  return {
    filter,
    matcher: compileFilter(filter, { evaluate }),
    update: compileUpdate(change, { arrayFilters: Array.isArray(arrayFilters) ? arrayFilters : [], evaluate }),
    multi,
    upsert: flagOption(spec, 'upsert'),
    sort: parseSort(documentOption(spec, 'sort') ?? {}),
    hint: hintOf(spec),
  };
}

async function runStatement(engine: Engine, db: string, name: string, statement: Statement): Promise<Outcome> {
  if (statement.multi) {
    const outcome = await updateMany(engine, db, name, statement);
    if (outcome.matched > 0 || !statement.upsert) return outcome;
  }
  return engine.writer.run(() => updateOne(engine, db, name, statement));
}

function updateOne(engine: Engine, db: string, name: string, statement: Statement): Outcome {
  const collection = engine.find(db, name);
  const found = collection && findFirst(engine, collection, statement);
  if (collection && found)
    return { matched: 1, modified: Number(modify(engine, collection, found, statement).changed), upserted: undefined };
  if (!statement.upsert) return { matched: 0, modified: 0, upserted: undefined };
  const { doc, raw } = buildUpsert(statement.filter, statement.update);
  engine.documents.insert(collection ?? engine.catalog.ensure(db, name), raw, doc);
  return { matched: 0, modified: 0, upserted: doc['_id'] };
}

/** The first document a filter finds, by `_id` directly or by plan. Inside a batch, so nothing can come between finding and writing. */
export function findFirst(
  engine: Engine,
  collection: Collection,
  statement: Pick<Statement, 'filter' | 'matcher' | 'sort' | 'hint'>,
): Found | undefined {
  const id = idOnly(statement.filter);
  if (id !== undefined) {
    const idKey = encodeId(id);
    const raw = engine.store.get(collection.space, idKey);
    return raw && { idKey, raw, doc: undefined };
  }
  const chosen = plan(engine.store, collection, statement);
  const scan = new Scan(engine.store, collection, chosen, statement.matcher);
  if (statement.sort.length === 0 || chosen.sorted) {
    let piece = 1;
    while (!scan.done) {
      const [first] = scan.next(piece);
      if (first) return first;
      piece = Math.min(256, piece * 4);
    }
    return undefined;
  }
  return least(scan, statement.sort);
}

function least(scan: Scan, sort: SortSpec): Found | undefined {
  const spec = splitSort(sort);
  let best: { key: Buffer; found: Found } | undefined;
  while (!scan.done)
    for (const found of scan.next(256)) {
      const key = sortKey(docOf(found), spec);
      if (!best || Buffer.compare(key, best.key) < 0) best = { key, found };
    }
  return best?.found;
}

/** Applies an update to a document found in this batch. */
export function modify(
  engine: Engine,
  collection: Collection,
  found: Found,
  statement: Pick<Statement, 'matcher' | 'update'>,
): { changed: boolean; raw: Buffer } {
  const before = docOf(found);
  const details: MatchDetails = { position: -1 };
  statement.matcher(before, details);
  const working = docOf({ ...found, doc: undefined });
  const after = statement.update.transform(working, details.position, false);
  const raw = encode(after);
  if (raw.equals(found.raw)) return { changed: false, raw };
  engine.documents.replace(collection, found.idKey, before, after, raw);
  return { changed: true, raw };
}

const pieceSize = 200;

/** All documents of a filter: found first, in pieces, then changed in pieces, each checked against the filter once more. */
async function updateMany(engine: Engine, db: string, name: string, statement: Statement): Promise<Outcome> {
  const outcome: Outcome = { matched: 0, modified: 0, upserted: undefined };
  const collection = engine.find(db, name);
  if (!collection) return outcome;
  const keys = await matchingKeys(engine, collection, statement);
  for (let from = 0; from < keys.length; from += pieceSize) {
    const piece = keys.slice(from, from + pieceSize);
    const failure = await engine.writer.run(() => {
      try {
        for (const idKey of piece) updateKey(engine, collection, idKey, statement, outcome);
      } catch (error) {
        if (error instanceof CommandError) return error;
        throw error;
      }
      return undefined;
    });
    if (failure) throw failure;
  }
  return outcome;
}

function updateKey(
  engine: Engine,
  collection: Collection,
  idKey: Buffer,
  statement: Statement,
  outcome: Outcome,
): void {
  const raw = engine.store.get(collection.space, idKey);
  if (!raw) return;
  const found: Found = { idKey, raw, doc: undefined };
  if (!statement.matcher(docOf(found))) return;
  const { changed } = modify(engine, collection, found, statement);
  outcome.matched += 1;
  outcome.modified += Number(changed);
}

/** The keys of all documents a filter finds now, read without holding up others. */
export async function matchingKeys(
  engine: Engine,
  collection: Collection,
  statement: Pick<Statement, 'filter' | 'matcher' | 'hint'>,
): Promise<Buffer[]> {
  const chosen = plan(engine.store, collection, { filter: statement.filter, sort: [], hint: statement.hint });
  const scan = new Scan(engine.store, collection, chosen, statement.matcher);
  const keys: Buffer[] = [];
  for await (const found of pieces(scan)) for (const { idKey } of found) keys.push(idKey);
  return keys;
}
