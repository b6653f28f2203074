import { maxWriteBatch } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../match/matcher.ts';
import type { Reply } from '../reply.ts';
import { docOf } from '../scan.ts';
import { type Doc, field, toNumber } from '../values.ts';
import { collectionName, type Command, documentList, documentOption } from './command.ts';
import { hintOf, usesExpr } from './find.ts';
import { findFirst, matchingKeys } from './update.ts';
import { writeError, writeReply } from './write-errors.ts';

const pieceSize = 500;

/** delete: https://www.mongodb.com/docs/manual/reference/command/delete/ */
export async function deleteDocuments(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const deletes = documentList(command, 'deletes');
  if (deletes.length === 0 || deletes.length > maxWriteBatch)
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${maxWriteBatch}. Got ${deletes.length} operations.`,
    );
  const ordered = command.body['ordered'] !== false;
  const errors: Doc[] = [];
  let n = 0;
  for (const [index, spec] of deletes.entries()) {
    try {
      n += await runDelete(engine, command.db, name, spec);
    } catch (error) {
      errors.push(writeError(error, index));
      if (ordered) break;
    }
  }
  return writeReply({ n }, errors);
}

async function runDelete(engine: Engine, db: string, name: string, spec: Doc): Promise<number> {
  const filter = documentOption(spec, 'q');
  if (!filter) throw new CommandError(40414, "BSON field 'delete.deletes.q' is missing but a required field");
  const limit = toNumber(field(spec, 'limit'));
  if (limit === undefined)
    throw new CommandError(40414, "BSON field 'delete.deletes.limit' is missing but a required field");
  if (limit !== 0 && limit !== 1)
    throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  const evaluate = usesExpr(filter) ? await engine.expressions() : undefined;
  const statement = { filter, matcher: compileFilter(filter, { evaluate }), sort: [], hint: hintOf(spec) };
  if (limit === 0) return deleteMany(engine, db, name, statement);
  return engine.writer.run(() => {
    const collection = engine.find(db, name);
    const found = collection && findFirst(engine, collection, statement);
    if (!collection || !found) return 0;
    engine.documents.remove(collection, found.idKey, docOf(found));
    return 1;
  });
}

async function deleteMany(
  engine: Engine,
  db: string,
  name: string,
  statement: Parameters<typeof matchingKeys>[2],
): Promise<number> {
  const collection = engine.find(db, name);
  if (!collection) return 0;
  const keys = await matchingKeys(engine, collection, statement);
  let n = 0;
  for (let from = 0; from < keys.length; from += pieceSize) {
    const piece = keys.slice(from, from + pieceSize);
    n += await engine.writer.run(() => {
      let removed = 0;
      for (const idKey of piece) {
        const raw = engine.store.get(collection.space, idKey);
        const found = raw && { idKey, raw, doc: undefined };
        if (!found || !statement.matcher(docOf(found))) continue;
        engine.documents.remove(collection, idKey, docOf(found));
        removed += 1;
      }
      return removed;
    });
  }
  return n;
}
