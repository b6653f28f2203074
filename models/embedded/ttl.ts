import type { Collection, Index } from './catalog.ts';
import type { Engine } from './engine.ts';
import { encodeValue } from './key-encoding.ts';
import { leafValues } from './paths.ts';
import { docOf } from './scan.ts';

const pieceSize = 200;

/**
 * Removes what TTL indexes say has expired: documents whose date (the earliest, in an array) lies more than expireAfterSeconds back.
 * https://www.mongodb.com/docs/manual/core/index-ttl/. Returns how many were removed.
 */
export async function sweepExpired(engine: Engine, now: number): Promise<number> {
  let removed = 0;
  for (const collection of engine.catalog.all())
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined) continue;
      const limit = new Date(now - index.expireAfterSeconds * 1000);
      let more = true;
      while (more) {
        const count = await engine.writer.run(() => sweepPiece(engine, collection, index, limit));
        removed += count;
        more = count === pieceSize;
      }
    }
  return removed;
}

function sweepPiece(engine: Engine, collection: Collection, index: Index, limit: Date): number {
  if (engine.find(collection.db, collection.name) !== collection) return 0;
  const range = dateRange(index, limit);
  let removed = 0;
  for (const { value: idKey } of engine.store.scan(index.space, range, pieceSize)) {
    const raw = engine.store.get(collection.space, idKey);
    if (!raw) continue;
    const found = { idKey, raw, doc: undefined };
    const dates = leafValues(docOf(found), index.paths[0] ?? []).values.filter((value) => value instanceof Date);
    if (!dates.some((date) => date < limit)) continue;
    engine.documents.remove(collection, idKey, docOf(found));
    removed += 1;
  }
  return removed;
}

function dateRange(index: Index, limit: Date): { low: Buffer; high: Buffer } {
  const dateType = 0x90;
  if (index.directions[0] === -1) return { low: encodeValue(limit, true), high: Buffer.from([0xff - dateType + 1]) };
  return { low: Buffer.from([dateType]), high: encodeValue(limit) };
}

/** Removes the entries of dropped collections and indexes, a piece at a time. */
export async function sweepGarbage(engine: Engine): Promise<void> {
  for (const space of engine.catalog.garbage()) {
    let empty = engine.building.has(space);
    while (!empty) empty = await engine.writer.run(() => engine.catalog.sweep(space, 1000));
  }
}
