import { statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase, TransactionFlags } from 'lmdb';

/** One entry of a key space. */
export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A range of keys within one space: from `low` (in) to `high` (out); missing ends are open. */
export interface KeyRange {
  readonly low?: Buffer | undefined;
  readonly high?: Buffer | undefined;
}

const prefixBytes = 4;
/** Asks lmdb for a plain write transaction, flushed to disk when it commits. */
const flushedCommit = TransactionFlags.SYNCHRONOUS_COMMIT;

/**
 * The key-value file underneath: LMDB, one tree, with a four-byte number in front of each key that says which space it belongs to
 * (a collection's documents, an index, the catalogue). A transaction is on disk when `transact` returns, or did not happen.
 * https://www.symas.com/lmdb and https://github.com/kriszyp/lmdb-js
 */
export class Store {
  readonly #db: RootDatabase<Buffer, Buffer>;
  readonly #path: string;

  constructor(path: string, mapSize?: number) {
    this.#path = path;
    this.#db = open<Buffer, Buffer>({
      path,
      encoding: 'binary',
      keyEncoding: 'binary',
      maxDbs: 1,
      maxReaders: 16,
      ...(mapSize === undefined ? {} : { mapSize }),
    });
  }

  get(space: number, key: Buffer): Buffer | undefined {
    return this.#db.get(fullKey(space, key));
  }

  has(space: number, key: Buffer): boolean {
    return this.#db.doesExist(fullKey(space, key));
  }

  /** Up to `limit` entries of a range, in key order or backwards. Keys come without the space prefix. */
  scan(space: number, range: KeyRange, limit: number, reverse = false): Entry[] {
    const low = range.low ? fullKey(space, range.low) : spaceStart(space);
    const high = range.high ? fullKey(space, range.high) : spaceStart(space + 1);
    const options = reverse
      ? { start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse, limit }
      : { start: low, end: high, limit };
    const entries: Entry[] = [];
    for (const { key, value } of this.#db.getRange(options)) entries.push({ key: key.subarray(prefixBytes), value });
    return entries;
  }

  /** How many keys a range holds, counting no further than `limit`. */
  count(space: number, range: KeyRange, limit: number): number {
    const low = range.low ? fullKey(space, range.low) : spaceStart(space);
    const high = range.high ? fullKey(space, range.high) : spaceStart(space + 1);
    return [...this.#db.getKeys({ start: low, end: high, limit })].length;
  }

  put(space: number, key: Buffer, value: Buffer): void {
    void this.#db.put(fullKey(space, key), value);
  }

  remove(space: number, key: Buffer): void {
    void this.#db.remove(fullKey(space, key));
  }

  /** Runs `work` in one write transaction: all of it reaches the disk, or, when it throws, none. */
  transact(work: () => void): void {
    this.#db.transactionSync(work, flushedCommit);
  }

  /** Bytes the file takes. */
  size(): number {
    return statSync(join(this.#path, 'data.mdb')).size;
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

function spaceStart(space: number): Buffer {
  const key = Buffer.allocUnsafe(prefixBytes);
  key.writeUInt32BE(space, 0);
  return key;
}

function fullKey(space: number, key: Buffer): Buffer {
  const full = Buffer.allocUnsafe(prefixBytes + key.length);
  full.writeUInt32BE(space, 0);
  key.copy(full, prefixBytes);
  return full;
}
