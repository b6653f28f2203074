import type { Store } from './store.ts';

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** What follows a batch: `flush` adds what must be stored with it, `undo` forgets what memory learnt from a batch that failed. */
export interface BatchHooks {
  flush(): void;
  undo(): void;
}

const mostJobs = 1000;
const longestMs = 25;

/**
 * The one queue all writes go through (group commit): whatever has been asked for since the last batch runs one after the other in a
 * single transaction, which is on disk before any of them is answered. Each job reads what the jobs before it wrote.
 */
export class Writer {
  readonly #store: Store;
  readonly #hooks: BatchHooks;
  #queue: Job[] = [];
  #scheduled = false;

  constructor(store: Store, hooks: BatchHooks) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Runs `work` in the next batch. A job that throws must not have written before it threw; when the batch cannot be stored, all its jobs fail. */
  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#batch();
      this.#schedule();
    });
  }

  #batch(): void {
    const settle: (() => void)[] = [];
    const jobs = this.#queue.splice(0, mostJobs);
    let next = 0;
    try {
      this.#store.transact(() => {
        const deadline = performance.now() + longestMs;
        while (next < jobs.length && (next === 0 || performance.now() < deadline)) {
          const job = jobs[next];
          next += 1;
          if (job) settle.push(runJob(job));
        }
        this.#hooks.flush();
      });
    } catch (error) {
      this.#hooks.undo();
      this.#queue.unshift(...jobs.slice(next));
      for (const job of jobs.slice(0, next)) job.reject(error);
      return;
    }
    this.#queue.unshift(...jobs.slice(next));
    for (const done of settle) done();
  }
}

function runJob(job: Job): () => void {
  try {
    const value = job.work();
    return () => {
      job.resolve(value);
    };
  } catch (error) {
    if (isStorageError(error)) throw error;
    return () => {
      job.reject(error);
    };
  }
}

/** Errors of the store leave its transaction unusable; those of a command concern that command alone. */
function isStorageError(error: unknown): boolean {
  return error instanceof Error && /MDB_|ENOSPC|No space left|File too large|EIO/i.test(error.message);
}
