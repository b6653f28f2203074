import { isDeepStrictEqual } from 'node:util';
import { collectionNames } from '../snapshot/raw.ts';
import type { Check } from './check.ts';

/** What an index promises; the rest of what servers list is their own business. */
const OPTIONS = ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'] as const;

type Spec = { key: object } & Partial<Record<(typeof OPTIONS)[number], unknown>>;

/** The indexes are there: unique ones carry promises, the others keep the service fast. */
export const indexes: Check = {
  name: 'indexes',
  promise: 'every index the service counts on is there, and means what it should',
  async *run(context) {
    const existing = await collectionNames(context.raw);
    for (const model of Object.values(context.database.connection.models)) {
      const { collectionName } = model.collection;
      // Where nothing was ever stored, the service builds the index before it stores anything.
      if (!existing.includes(collectionName)) continue;
      const stored = (await context.raw.collection(collectionName).indexes()).map((index) => asSpec(index));
      for (const [key, options] of model.schema.indexes()) {
        const wanted = asSpec({ key, ...options });
        const there = stored.find((index) => isDeepStrictEqual(Object.entries(index.key), Object.entries(wanted.key)));
        const id = `${collectionName} ${JSON.stringify(wanted.key)}`;
        if (!there) yield { id, what: 'is missing; starting the service builds it' };
        else if (!isDeepStrictEqual(there, wanted))
          yield { id, what: 'has other options than declared; drop it and start the service' };
      }
    }
  },
};

/** Plain, with false options left out: not unique and unique: false are the same. */
function asSpec(index: object): Spec {
  const { key, ...rest } = JSON.parse(JSON.stringify(index)) as Spec;
  const options = OPTIONS.flatMap((name) =>
    rest[name] === undefined || rest[name] === false ? [] : [[name, rest[name]] as const],
  );
  return { key, ...Object.fromEntries(options) };
}
