import type { Document } from 'bson';
import type { Case } from '../case.ts';

const docs = [
  { _id: 1, n: 3, s: 'new' },
  { _id: 2, n: 1, s: 'new' },
  { _id: 3, n: 2, s: 'old' },
];

function modifies(label: string, options: Document, value: unknown, extra: Partial<Case> = {}): Case {
  return { label, docs, command: { findAndModify: 'c', ...options }, reply: { value }, ...extra };
}

function refuses(label: string, options: Document, error: number): Case {
  return { label, docs, command: { findAndModify: 'c', ...options }, error };
}

export const findAndModify: readonly Case[] = [
  modifies(
    'answers the document as it was',
    { query: { _id: 1 }, update: { $set: { n: 9 } } },
    { _id: 1, n: 3, s: 'new' },
  ),
  modifies(
    'answers the new document',
    { query: { _id: 1 }, update: { $set: { n: 9 } }, new: true },
    { _id: 1, n: 9, s: 'new' },
  ),
  modifies(
    'says what it did',
    { query: { _id: 1 }, update: { $set: { n: 9 } } },
    { _id: 1 },
    { reply: { lastErrorObject: { n: 1, updatedExisting: true } } },
  ),
  modifies(
    'takes the first by sort',
    { query: { s: 'new' }, sort: { n: 1 }, update: { $set: { s: 'taken' } } },
    { _id: 2, n: 1, s: 'new' },
  ),
  modifies(
    'takes the last by sort',
    { query: { s: 'new' }, sort: { n: -1 }, update: { $set: { s: 'taken' } }, new: true },
    { _id: 1, n: 3, s: 'taken' },
  ),
  modifies('finds nothing', { query: { _id: 9 }, update: { $set: { n: 9 } } }, null, {
    reply: { value: null, lastErrorObject: { n: 0, updatedExisting: false } },
  }),
  modifies(
    'removes',
    { query: { _id: 1 }, remove: true },
    { _id: 1, n: 3, s: 'new' },
    { after: [docs[1] as Document, docs[2] as Document] },
  ),
  modifies(
    'removes the first by sort',
    { query: {}, sort: { n: 1 }, remove: true },
    { _id: 2 },
    { after: [docs[0] as Document, docs[2] as Document] },
  ),
  modifies('removes nothing', { query: { _id: 9 }, remove: true }, null),
  modifies('upserts and answers nothing', { query: { _id: 9 }, update: { $set: { n: 1 } }, upsert: true }, null, {
    reply: { value: null, lastErrorObject: { n: 1, updatedExisting: false, upserted: 9 } },
  }),
  modifies(
    'upserts and answers the new document',
    { query: { _id: 9 }, update: { $set: { n: 1 } }, upsert: true, new: true },
    { _id: 9, n: 1 },
  ),
  modifies(
    'projects',
    { query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true, fields: { n: 1, _id: 0 } },
    { n: 4 },
  ),
  modifies('replaces', { query: { _id: 1 }, update: { q: 1 }, new: true }, { _id: 1, q: 1 }),
  modifies(
    'uses array filters',
    { query: { _id: 4 }, update: { $set: { 'a.$[x]': 0 } }, arrayFilters: [{ x: { $gt: 1 } }], new: true },
    { _id: 4, a: [1, 0] },
    { docs: [{ _id: 4, a: [1, 5] }] },
  ),
  modifies(
    'uses a pipeline',
    { query: { _id: 1 }, update: [{ $set: { m: { $multiply: ['$n', 2] } } }], new: true },
    { _id: 1, n: 3, s: 'new', m: 6 },
  ),
  modifies(
    'uses $',
    { query: { _id: 4, a: 5 }, update: { $set: { 'a.$': 0 } }, new: true },
    { _id: 4, a: [1, 0] },
    { docs: [{ _id: 4, a: [1, 5] }] },
  ),
  modifies('compares and sets', { query: { _id: 1, n: 3 }, update: { $inc: { n: 1 } }, new: true }, { _id: 1, n: 4 }),
  modifies(
    'does not set when the comparison fails',
    { query: { _id: 1, n: 4 }, update: { $inc: { n: 1 } }, new: true },
    null,
    { after: docs },
  ),
  refuses('update and remove together', { query: {}, update: { $set: { a: 1 } }, remove: true }, 9),
  refuses('neither update nor remove', { query: {} }, 9),
  refuses('remove with new', { query: {}, remove: true, new: true }, 9),
  refuses('a duplicate', { query: { _id: 1 }, update: { $set: { _id: 2 } } }, 66),
  {
    ...refuses('a duplicate in a unique index', { query: { _id: 1 }, update: { $set: { n: 1 } } }, 11000),
    indexes: [{ key: { n: 1 }, name: 'n', unique: true }],
  },
];
