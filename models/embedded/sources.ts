import { encode } from './codec.ts';
import type { Source } from './cursors.ts';
import { breathe, docOf, type Found, pieces, type Scan } from './scan.ts';
import { sortKey, type SortSpec, splitSort } from './sorting.ts';
import type { Doc } from './values.ts';

/** Makes the document to send from the one found; undefined sends the stored bytes as they are. */
export type Shape = ((found: Found) => Buffer) | undefined;

const largestPiece = 256;

/** The documents of a scan in its own order, with skip and limit (0: none). */
export class ScanSource implements Source {
  readonly #scan: Scan;
  readonly #shape: Shape;
  #skip: number;
  #left: number;
  #waiting: Found[] = [];
  #piece: number;

  constructor(scan: Scan, skip: number, limit: number, shape: Shape) {
    this.#scan = scan;
    this.#skip = skip;
    this.#left = limit === 0 ? Infinity : limit;
    this.#shape = shape;
    this.#piece = Math.min(largestPiece, limit === 0 ? largestPiece : skip + limit);
  }

  get done(): boolean {
    return this.#left === 0 || (this.#scan.done && this.#waiting.length === 0);
  }

  async next(count: number, bytes: number): Promise<Buffer[]> {
    const wanted = Math.min(count, this.#left);
    const batch = new Batch(wanted, bytes);
    while (!batch.full && !this.done) {
      if (this.#waiting.length === 0) await this.#refill(batch.missing);
      batch.take(this.#waiting, this.#shape);
    }
    this.#left -= batch.documents.length;
    return batch.documents;
  }

  async #refill(missing: number): Promise<void> {
    this.#waiting = this.#scan.next(Math.min(this.#piece, Math.max(missing + this.#skip, 16)));
    this.#piece = Math.min(largestPiece, this.#piece * 2);
    if (this.#skip > 0) this.#skip -= this.#waiting.splice(0, this.#skip).length;
    if (this.#waiting.length === 0 && !this.#scan.done) await breathe();
  }
}

/** Fills one reply up to a number of documents and bytes. */
class Batch {
  readonly documents: Buffer[] = [];
  readonly #count: number;
  #bytes: number;
  full: boolean;

  constructor(count: number, bytes: number) {
    this.#count = count;
    this.#bytes = bytes;
    this.full = count <= 0;
  }

  get missing(): number {
    return this.#count - this.documents.length;
  }

  take(waiting: Found[], shape: Shape): void {
    let taken = 0;
    for (const found of waiting) {
      if (this.full) break;
      const document = shape ? shape(found) : found.raw;
      if (document.length > this.#bytes && this.documents.length > 0) {
        this.full = true;
        break;
      }
      this.documents.push(document);
      this.#bytes -= document.length;
      this.full = this.documents.length >= this.#count;
      taken += 1;
    }
    waiting.splice(0, taken);
  }
}

interface Keyed {
  readonly key: Buffer;
  readonly found: Found;
}

/** Sorts what a scan finds in memory; with a limit only the best so far are kept. */
export class SortedSource implements Source {
  readonly #scan: Scan;
  readonly #sort: SortSpec;
  readonly #skip: number;
  readonly #limit: number;
  readonly #shape: Shape;
  #sorted: Found[] | undefined;

  constructor(scan: Scan, sort: SortSpec, skip: number, limit: number, shape: Shape) {
    this.#scan = scan;
    this.#sort = sort;
    this.#skip = skip;
    this.#limit = limit;
    this.#shape = shape;
  }

  get done(): boolean {
    return this.#sorted?.length === 0;
  }

  async next(count: number, bytes: number): Promise<Buffer[]> {
    this.#sorted ??= await this.#collect();
    const batch = new Batch(count, bytes);
    batch.take(this.#sorted, this.#shape);
    return batch.documents;
  }

  async #collect(): Promise<Found[]> {
    const keep = this.#limit === 0 ? Infinity : this.#skip + this.#limit;
    const spec = splitSort(this.#sort);
    let kept: Keyed[] = [];
    for await (const piece of pieces(this.#scan)) {
      for (const found of piece) {
        kept.push({ key: sortKey(docOf(found), spec), found });
        found.doc = this.#shape ? found.doc : undefined;
      }
      if (kept.length > keep * 2 + 1000) kept = ordered(kept).slice(0, keep);
    }
    return ordered(kept)
      .slice(this.#skip, keep)
      .map(({ found }) => found);
  }
}

function ordered(kept: Keyed[]): Keyed[] {
  return kept.sort((a, b) => Buffer.compare(a.key, b.key));
}

/** Documents already at hand. */
export class ListSource implements Source {
  #documents: Buffer[];

  constructor(documents: readonly Doc[]) {
    this.#documents = documents.map(encode);
  }

  get done(): boolean {
    return this.#documents.length === 0;
  }

  next(count: number, bytes: number): Buffer[] {
    let size = 0;
    let taken = 0;
    for (const document of this.#documents) {
      size += document.length;
      if (taken >= count || (taken > 0 && size > bytes)) break;
      taken += 1;
    }
    return this.#documents.splice(0, taken);
  }
}
