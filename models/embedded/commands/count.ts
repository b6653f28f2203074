import { encodeValue } from '../key-encoding.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../match/matcher.ts';
import { visitPath } from '../paths.ts';
import { plan } from '../planner.ts';
import type { Reply } from '../reply.ts';
import { docOf, pieces, Scan } from '../scan.ts';
import { field } from '../values.ts';
import { collectionName, type Command, documentOption, numberOption } from './command.ts';
import { hintOf, usesExpr } from './find.ts';

/** count: https://www.mongodb.com/docs/manual/reference/command/count/ */
export async function count(engine: Engine, command: Command): Promise<Reply> {
  const { body, db } = command;
  const filter = documentOption(body, 'query') ?? {};
  const skip = numberOption(body, 'skip', 0);
  const limit = Math.abs(numberOption(body, 'limit', 0, -Infinity));
  const matcher = compileFilter(filter, { evaluate: usesExpr(filter) ? await engine.expressions() : undefined });
  const collection = engine.find(db, collectionName(command));
  if (!collection) return { n: 0, ok: 1 };
  const most = limit === 0 ? Infinity : skip + limit;
  let n = 0;
  if (Object.keys(filter).length === 0) n = collection.count;
  else {
    const scan = new Scan(
      engine.store,
      collection,
      plan(engine.store, collection, { filter, sort: [], hint: hintOf(body) }),
      matcher,
    );
    for await (const found of pieces(scan)) {
      n += found.length;
      if (n >= most) break;
    }
  }
  return { n: Math.max(0, Math.min(n, most) - skip), ok: 1 };
}

/** distinct: https://www.mongodb.com/docs/manual/reference/command/distinct/ */
export async function distinct(engine: Engine, command: Command): Promise<Reply> {
  const { body, db } = command;
  const key = field(body, 'key');
  if (typeof key !== 'string')
    throw new CommandError(14, "BSON field 'distinct.key' is the wrong type, expected type 'string'");
  const filter = documentOption(body, 'query') ?? {};
  const matcher = compileFilter(filter, { evaluate: usesExpr(filter) ? await engine.expressions() : undefined });
  const collection = engine.find(db, collectionName(command));
  if (!collection) return { values: [], ok: 1 };
  const scan = new Scan(
    engine.store,
    collection,
    plan(engine.store, collection, { filter, sort: [], hint: hintOf(body) }),
    matcher,
  );
  const values = new Map<string, unknown>();
  const parts = key.split('.');
  const note = (value: unknown): false => {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
      if (each !== undefined) values.set(encodeValue(each).toString('latin1'), each);
    return false;
  };
  for await (const found of pieces(scan)) for (const each of found) visitPath(docOf(each), parts, 0, note);
  const sorted = [...values.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return { values: sorted.map(([, value]) => value), ok: 1 };
}
