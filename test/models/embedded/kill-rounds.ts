import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { startServer } from './test-server.ts';

export interface KillOptions {
  /** How many times the server is killed. */
  readonly kills: number;
  readonly seed: number;
  /** The data folder, kept between the rounds. */
  readonly dir: string;
  readonly onProgress?: (round: number) => void;
}

/** What was found over all rounds; the last three must be zero. */
export interface KillFigures {
  readonly kills: number;
  readonly acknowledged: number;
  readonly unacknowledgedButStored: number;
  readonly lost: number;
  readonly halfWritten: number;
  readonly wrongDuplicates: number;
}

interface Row {
  readonly _id: string;
  n: number;
  mirror: number;
  readonly slot: string;
  tags: string[];
}

/** mulberry32: small, seeded, good enough to choose moments. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const writers = 8;
const patience = { serverSelectionTimeoutMS: 5000, retryWrites: false } as const;

/** What the writers were told, and whom to tell when they have been told enough. */
interface Ledger {
  /** The last acknowledged number of each row; null once deleted. */
  readonly known: Map<string, number | null>;
  /** Rows whose deletion was asked for: they may be gone without an answer. */
  readonly deleting: Set<string>;
  readonly random: () => number;
  acknowledged: number;
  readonly enough: number;
  readonly whenEnough: () => void;
}

function note(ledger: Ledger, id: string, n: number | null): void {
  ledger.known.set(id, n);
  ledger.acknowledged += 1;
  if (ledger.acknowledged === ledger.enough) ledger.whenEnough();
}

/** Writes until the server is gone. */
async function write(rows: mongo.Collection<Row>, prefix: string, ledger: Ledger): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const _id = `${prefix}-${turn}`;
    try {
      await rows.insertOne({ _id, n: 0, mirror: 0, slot: `slot-${_id}`, tags: [`t${turn}`, prefix] });
      note(ledger, _id, 0);
      const steps = Math.floor(ledger.random() * 3);
      for (let n = 1; n <= steps; n += 1) {
        await rows.findOneAndUpdate({ _id, n: n - 1 }, { $inc: { n: 1, mirror: 1 }, $push: { tags: `n${n}` } });
        note(ledger, _id, n);
      }
      if (ledger.random() < 0.2) {
        ledger.deleting.add(_id);
        await rows.deleteOne({ _id });
        note(ledger, _id, null);
      }
    } catch {
      return;
    }
  }
}

interface Verdict {
  lost: number;
  halfWritten: number;
  extra: number;
  wrongDuplicates: number;
}

/** Whether what is stored agrees with the last acknowledged number of a row (null: deleted). */
function isKept(n: number | null, row: Row | undefined, deletionAsked: boolean): boolean {
  if (n === null) return row === undefined;
  return row ? row.n >= n : deletionAsked;
}

async function verify(
  rows: mongo.Collection<Row>,
  { known, deleting }: Pick<Ledger, 'known' | 'deleting'>,
): Promise<Verdict> {
  const stored = new Map((await rows.find().toArray()).map((row) => [row._id, row]));
  const all = [...stored.values()];
  const verdict: Verdict = {
    // A write that was under way when the server died may have happened: one step further is allowed, one step back is not.
    lost: [...known].filter(([id, n]) => !isKept(n, stored.get(id), deleting.has(id))).length,
    halfWritten: all.filter((row) => row.n !== row.mirror || row.tags.length !== row.n + 2).length,
    extra: all.filter((row) => !known.has(row._id)).length,
    wrongDuplicates: 0,
  };
  for (const id of known.keys()) known.set(id, null);
  for (const row of all) known.set(row._id, row.n);
  verdict.halfWritten += await indexDisagreements(rows, stored);
  verdict.wrongDuplicates = await duplicateErrors(rows, [...stored.values()].slice(-5));
  return verdict;
}

/** Every index must lead to just the documents there are. */
async function indexDisagreements(rows: mongo.Collection<Row>, stored: Map<string, Row>): Promise<number> {
  let wrong = 0;
  const bySlot = await rows.find({ slot: { $gte: '' } }, { hint: 'slot_1' }).toArray();
  const byN = await rows.find({ n: { $gte: 0 } }, { hint: 'n_1__id_-1' }).toArray();
  for (const list of [bySlot, byN]) {
    wrong += Math.abs(list.length - stored.size);
    for (const row of list) if (stored.get(row._id)?.n !== row.n) wrong += 1;
  }
  for (const row of [...stored.values()].slice(-20)) {
    const found = await rows.find({ tags: row.tags[0] ?? '' }, { hint: 'tags_1' }).toArray();
    if (!found.some(({ _id }) => _id === row._id)) wrong += 1;
  }
  if ((await rows.estimatedDocumentCount()) !== stored.size) wrong += 1;
  return wrong;
}

async function duplicateErrors(rows: mongo.Collection<Row>, some: readonly Row[]): Promise<number> {
  let wrong = 0;
  for (const row of some) {
    const code = await rows.insertOne({ ...row, _id: `${row._id}-again` }).then(
      () => 0,
      (error: unknown) => (error instanceof mongo.MongoServerError ? Number(error.code) : -1),
    );
    if (code !== 11000) wrong += 1;
  }
  return wrong;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return {
    promise,
    resolve: () => {
      settle();
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/**
 * Starts the server, lets several clients write, kills it (SIGKILL) at a seeded moment and looks at what is left, again and again on
 * one folder. Every acknowledged write must be there, none by half, and the indexes must agree with the documents.
 */
export async function killRounds({ kills, seed, dir, onProgress }: KillOptions): Promise<KillFigures> {
  const random = seeded(seed);
  const known = new Map<string, number | null>();
  const deleting = new Set<string>();
  const total = { acknowledged: 0, unacknowledgedButStored: 0, lost: 0, halfWritten: 0, wrongDuplicates: 0 };
  for (let round = 0; round < kills; round += 1) {
    const server = await startServer({ dir });
    const client = await mongo.MongoClient.connect(server.uri, patience);
    const rows = client.db('kill').collection<Row>('rows');
    await rows.createIndexes([{ key: { slot: 1 }, unique: true }, { key: { tags: 1 } }, { key: { n: 1, _id: -1 } }]);
    const verdict = await verify(rows, { known, deleting });
    total.lost += verdict.lost;
    total.halfWritten += verdict.halfWritten;
    total.unacknowledgedButStored += verdict.extra;
    total.wrongDuplicates += verdict.wrongDuplicates;
    if (known.size > 4000) {
      await rows.deleteMany({});
      known.clear();
    }
    const { promise: enough, resolve: whenEnough } = withResolvers();
    const ledger: Ledger = {
      known,
      deleting,
      random,
      acknowledged: 0,
      enough: 10 + Math.floor(random() * 60),
      whenEnough,
    };
    const work = Promise.all(
      Array.from({ length: writers }, (_, writer) => write(rows, `r${round}-w${writer}`, ledger)),
    );
    await enough;
    await delay(random() * 5);
    await killed(server.process);
    await client.close(true);
    await work;
    total.acknowledged += ledger.acknowledged;
    onProgress?.(round + 1);
  }
  const server = await startServer({ dir });
  const client = await mongo.MongoClient.connect(server.uri, patience);
  const verdict = await verify(client.db('kill').collection<Row>('rows'), { known, deleting });
  await client.close();
  await server.stop();
  return {
    kills,
    acknowledged: total.acknowledged,
    unacknowledgedButStored: total.unacknowledgedButStored + verdict.extra,
    lost: total.lost + verdict.lost,
    halfWritten: total.halfWritten + verdict.halfWritten,
    wrongDuplicates: total.wrongDuplicates + verdict.wrongDuplicates,
  };
}
