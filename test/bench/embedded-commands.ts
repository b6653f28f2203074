import { mongo } from 'mongoose';

export interface BenchOptions {
  /** Documents in the collection while measuring. */
  readonly documents: number;
  /** How often each command is run, one after the other on one connection. */
  readonly operations: number;
}

interface Row {
  readonly _id: string;
  readonly slot: string;
  readonly group: number;
  readonly at: Date;
  version: number;
  readonly text: string;
}

function row(index: number): Row {
  return {
    _id: `row-${index}`,
    slot: `slot-${index}`,
    group: index % 200,
    at: new Date(1_700_000_000_000 + index * 1000),
    version: 0,
    text: 'what the service was like, in the words of a resident '.repeat(4),
  };
}

async function fill(rows: mongo.Collection<Row>, documents: number): Promise<void> {
  await rows.drop().catch(() => false);
  await rows.createIndexes([{ key: { slot: 1 }, unique: true }, { key: { group: 1, at: -1 } }]);
  for (let from = 0; from < documents; from += 1000)
    await rows.insertMany(Array.from({ length: Math.min(1000, documents - from) }, (_, index) => row(from + index)));
}

/** Mean microseconds of a command, after a tenth of the runs to warm up. */
async function time(operations: number, run: (index: number) => Promise<unknown>): Promise<number> {
  const warmUp = Math.ceil(operations / 10);
  for (let index = 0; index < warmUp; index += 1) await run(index);
  const start = performance.now();
  for (let index = 0; index < operations; index += 1) await run(warmUp + index);
  return Math.round(((performance.now() - start) * 1000) / operations);
}

/** Microseconds per command as a client sees it, against any MongoDB-compatible server. */
export async function benchCommands(
  uri: string,
  { documents, operations }: BenchOptions,
): Promise<Record<string, number>> {
  const client = await mongo.MongoClient.connect(uri);
  try {
    const rows = client.db('bench').collection<Row>('rows');
    await fill(rows, documents);
    const at = (index: number): number => (index * 7919) % documents;
    const groups = [
      { $match: { group: { $lt: Math.ceil((1000 / documents) * 200) } } },
      { $group: { _id: '$group', n: { $sum: 1 }, latest: { $max: '$at' } } },
    ];
    return {
      insertOne: await time(operations, (index) => rows.insertOne(row(documents + index))),
      findById: await time(operations, (index) => rows.findOne({ _id: `row-${at(index)}` })),
      findByIndex: await time(operations, (index) => rows.findOne({ slot: `slot-${at(index)}` })),
      compareAndSet: await time(operations, (index) =>
        rows.findOneAndUpdate({ _id: `row-${at(index)}`, version: { $gte: 0 } }, { $inc: { version: 1 } }),
      ),
      sortedRange20: await time(operations, (index) =>
        rows
          .find({ group: at(index) % 200 })
          .sort({ at: -1 })
          .limit(20)
          .toArray(),
      ),
      aggregateGroup1000: await time(Math.ceil(operations / 20), () => rows.aggregate(groups).toArray()),
    };
  } finally {
    await client.db('bench').dropDatabase();
    await client.close();
  }
}
