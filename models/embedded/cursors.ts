import { randomInt } from 'node:crypto';
import { CommandError } from './errors.ts';

/** Where the documents of a cursor come from. */
export interface Source {
  /** Up to `count` further documents of together at most `bytes` bytes (one may exceed it); fewer only at the end. */
  next(count: number, bytes: number): Promise<Buffer[]> | Buffer[];
  /** True when nothing is left for certain. */
  readonly done: boolean;
}

interface OpenCursor {
  readonly ns: string;
  readonly source: Source;
  /** The connection that opened it, to close what a lost client left behind. */
  idleSince: number;
  busy: boolean;
}

const idleLimitMs = 10 * 60 * 1000;

/** The open cursors of all connections. A cursor nobody asks for in ten minutes is closed. */
export class Cursors {
  readonly #open = new Map<bigint, OpenCursor>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get size(): number {
    return this.#open.size;
  }

  open(ns: string, source: Source): bigint {
    let id = 0n;
    while (id === 0n || this.#open.has(id)) id = (BigInt(randomInt(0x7fffffff)) << 32n) | BigInt(randomInt(0xffffffff));
    this.#open.set(id, { ns, source, idleSince: this.#now(), busy: false });
    return id;
  }

  /** The next documents of a cursor, and whether it stays open. Throws CursorNotFound (43), or Unauthorized (13) for another namespace. */
  async next(id: bigint, ns: string, count: number, bytes: number): Promise<{ documents: Buffer[]; open: boolean }> {
    const cursor = this.#open.get(id);
    if (!cursor) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.ns !== ns)
      throw new CommandError(
        13,
        `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace ${cursor.ns}`,
      );
    cursor.busy = true;
    try {
      const documents = await cursor.source.next(count, bytes);
      if (cursor.source.done) this.#open.delete(id);
      return { documents, open: !cursor.source.done };
    } catch (error) {
      this.#open.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.idleSince = this.#now();
    }
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  closeIdle(): void {
    const limit = this.#now() - idleLimitMs;
    for (const [id, cursor] of this.#open) if (!cursor.busy && cursor.idleSince < limit) this.#open.delete(id);
  }
}
