import type { Document } from 'bson';
import type { Case } from '../case.ts';

function upserts(label: string, q: Document, u: unknown, after: readonly Document[], extra: Partial<Case> = {}): Case {
  return { label, docs: [], command: { update: 'c', updates: [{ q, u, upsert: true }] }, after, ...extra };
}

export const upserting: readonly Case[] = [
  upserts('an upsert inserts filter and update', { _id: 1, a: 2 }, { $set: { b: 3 } }, [{ _id: 1, a: 2, b: 3 }], {
    reply: { n: 1, nModified: 0, upserted: [{ index: 0, _id: 1 }] },
  }),
  upserts('an upsert with $setOnInsert', { _id: 1 }, { $set: { b: 3 }, $setOnInsert: { c: 4 } }, [
    { _id: 1, b: 3, c: 4 },
  ]),
  upserts('an upsert with $inc', { _id: 1 }, { $inc: { n: 5 } }, [{ _id: 1, n: 5 }]),
  upserts('an upsert with $push', { _id: 1 }, { $push: { a: 1 } }, [{ _id: 1, a: [1] }]),
  upserts('an upsert takes $eq from the filter', { _id: 1, a: { $eq: 2 } }, { $set: { b: 1 } }, [
    { _id: 1, a: 2, b: 1 },
  ]),
  upserts('an upsert leaves ranges out', { _id: 1, a: { $gt: 2 } }, { $set: { b: 1 } }, [{ _id: 1, b: 1 }]),
  upserts('an upsert takes from $and', { $and: [{ _id: 1 }, { a: 2 }] }, { $set: { b: 1 } }, [{ _id: 1, a: 2, b: 1 }]),
  upserts('an upsert takes a path', { _id: 1, 'a.b': 2 }, { $set: { c: 1 } }, [{ _id: 1, a: { b: 2 }, c: 1 }]),
  upserts('an upsert by replacement', { _id: 1, a: 5 }, { b: 2 }, [{ _id: 1, b: 2 }]),
  upserts('an upsert by replacement with an _id', { a: 5 }, { _id: 7, b: 2 }, [{ _id: 7, b: 2 }]),
  upserts('an upsert by pipeline', { _id: 1, a: 2 }, [{ $set: { b: { $add: ['$a', 1] } } }], [{ _id: 1, a: 2, b: 3 }]),
  upserts('an upsert by $setOnInsert alone', { _id: 1 }, { $setOnInsert: { a: 1 } }, [{ _id: 1, a: 1 }]),
  upserts(
    'an upsert that matches updates',
    { _id: 1 },
    { $set: { a: 2 }, $setOnInsert: { b: 1 } },
    [{ _id: 1, a: 2 }],
    { docs: [{ _id: 1, a: 1 }], reply: { n: 1, nModified: 1 } },
  ),
  upserts('an upsert with a multi update', { _id: 1, a: 2 }, { $set: { b: 3 } }, [{ _id: 1, a: 2, b: 3 }], {
    command: { update: 'c', updates: [{ q: { _id: 1, a: 2 }, u: { $set: { b: 3 } }, upsert: true, multi: true }] },
  }),
  upserts('an upsert against a unique index', { _id: 2, a: 9 }, { $set: { u: 1 } }, [{ _id: 1, u: 1 }], {
    docs: [{ _id: 1, u: 1 }],
    indexes: [{ key: { u: 1 }, name: 'u', unique: true }],
    error: 11000,
  }),
  upserts('an upsert with the same _id is a duplicate', { _id: 1, a: 9 }, { $set: { b: 1 } }, [{ _id: 1, a: 1 }], {
    docs: [{ _id: 1, a: 1 }],
    error: 11000,
  }),
  upserts('an upsert with a single $in', { _id: 1, a: { $in: [4] } }, { $set: { b: 1 } }, [{ _id: 1, a: 4, b: 1 }], {
    differs: 'does not take the value of an $in with one entry',
  }),
  upserts('an upsert of an _id in the update', { a: 1 }, { $set: { _id: 5, b: 1 } }, [{ _id: 5, a: 1, b: 1 }]),
  upserts('$set overrides the filter', { _id: 1, a: 1 }, { $set: { a: 2 } }, [{ _id: 1, a: 2 }]),
];
