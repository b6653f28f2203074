import { Catalog, type Collection } from './catalog.ts';
import { Cursors } from './cursors.ts';
import { Documents } from './documents.ts';
import type { ExpressionEvaluator } from './match/matcher.ts';
import { Store } from './store.ts';
import { Writer } from './writer.ts';

/** What the commands work on: the open store and everything built on it. */
export class Engine {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly writer: Writer;
  readonly cursors: Cursors;
  readonly startedAt = Date.now();
  /** Spaces of indexes being built, which the sweeper must leave alone. */
  readonly building = new Set<number>();
  #evaluator: ExpressionEvaluator | undefined;

  constructor(path: string, mapSize?: number) {
    this.store = new Store(path, mapSize);
    this.catalog = new Catalog(this.store);
    this.documents = new Documents(this.store, this.catalog);
    this.cursors = new Cursors();
    this.writer = new Writer(this.store, {
      flush: () => {
        this.catalog.flushCounts();
      },
      undo: () => {
        this.catalog.reload();
      },
    });
  }

  /** The aggregation expression language, loaded the first time a command needs it. */
  async expressions(): Promise<ExpressionEvaluator> {
    if (this.#evaluator === undefined) {
      const { evaluator } = await import('./expressions.ts');
      this.#evaluator = evaluator;
    }
    return this.#evaluator;
  }

  find(db: string, name: string): Collection | undefined {
    return this.catalog.find(db, name);
  }

  async close(): Promise<void> {
    await this.writer.run(() => undefined);
    await this.store.close();
  }
}
