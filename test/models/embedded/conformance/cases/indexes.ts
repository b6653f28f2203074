import type { Document } from 'bson';
import { type Case, fails, matches } from '../case.ts';

const unique = (key: Document, more: Document = {}): Document => ({ key, name: 'i', unique: true, ...more });

function collides(label: string, index: Document, docs: readonly Document[], document: Document): Case {
  return {
    label,
    docs,
    indexes: [index],
    command: { insert: 'c', documents: [document] },
    error: 11000,
    reply: { n: 0 },
  };
}

function coexists(label: string, index: Document, docs: readonly Document[], document: Document): Case {
  return { label, docs, indexes: [index], command: { insert: 'c', documents: [document] }, reply: { n: 1 } };
}

const people = [
  { _id: 1, name: 'Asha', age: 30, tags: ['a', 'b'], home: [{ hash: 'h1', kind: 'sms' }] },
  {
    _id: 2,
    name: 'Bela',
    age: 40,
    tags: ['b'],
    home: [
      { hash: 'h2', kind: 'sms' },
      { hash: 'h3', kind: 'web' },
    ],
  },
  { _id: 3, name: 'Chaya', age: 40, tags: [] },
  { _id: 4, name: null, age: 50 },
  { _id: 5, age: '50' },
];

/** The same question with the help of an index must find the same. */
function indexed(label: string, key: Document, filter: Document, ids: readonly number[], options: Document = {}): Case {
  return matches(label, people, filter, ids, { indexes: [{ key, name: 'i', ...options }] });
}

export const indexes: readonly Case[] = [
  collides('unique', unique({ a: 1 }), [{ _id: 1, a: 1 }], { _id: 2, a: 1 }),
  collides('unique across number types', unique({ a: 1 }), [{ _id: 1, a: 1 }], { _id: 2, a: 1.0 }),
  collides('unique: missing counts as null', unique({ a: 1 }), [{ _id: 1 }], { _id: 2, a: null }),
  collides('unique compound', unique({ a: 1, b: -1 }), [{ _id: 1, a: 1, b: 2 }], { _id: 2, a: 1, b: 2 }),
  collides('unique over arrays', unique({ a: 1 }), [{ _id: 1, a: [1, 2] }], { _id: 2, a: [2, 3] }),
  collides('unique over an array and a value', unique({ a: 1 }), [{ _id: 1, a: [1, 2] }], { _id: 2, a: 2 }),
  collides('unique over a path in an array', unique({ 'a.x': 1 }), [{ _id: 1, a: [{ x: 1 }] }], {
    _id: 2,
    a: [{ x: 0 }, { x: 1 }],
  }),
  collides(
    'unique partial inside its filter',
    unique({ a: 1 }, { partialFilterExpression: { on: true } }),
    [{ _id: 1, a: 1, on: true }],
    { _id: 2, a: 1, on: true },
  ),
  collides(
    'unique partial where the field exists',
    unique({ a: 1, b: 1 }, { partialFilterExpression: { b: { $exists: true } } }),
    [{ _id: 1, a: 1, b: 1 }],
    { _id: 2, a: 1, b: 1 },
  ),
  collides(
    'unique partial on a type',
    unique({ a: 1 }, { partialFilterExpression: { a: { $type: 'string' } } }),
    [{ _id: 1, a: 'x' }],
    { _id: 2, a: 'x' },
  ),
  collides('unique sparse where the field is there', unique({ a: 1 }, { sparse: true }), [{ _id: 1, a: null }], {
    _id: 2,
    a: null,
  }),
  collides('unique with a very long text', unique({ a: 1 }), [{ _id: 1, a: 'x'.repeat(2000) }], {
    _id: 2,
    a: 'x'.repeat(2000),
  }),
  coexists('unique tells values apart', unique({ a: 1 }), [{ _id: 1, a: 1 }], { _id: 2, a: 2 }),
  coexists('unique tells types apart', unique({ a: 1 }), [{ _id: 1, a: 1 }], { _id: 2, a: '1' }),
  coexists('unique tells long texts apart', unique({ a: 1 }), [{ _id: 1, a: `${'x'.repeat(2000)}1` }], {
    _id: 2,
    a: `${'x'.repeat(2000)}2`,
  }),
  coexists('unique lets one document repeat a value', unique({ a: 1 }), [{ _id: 1, a: 5 }], { _id: 2, a: [1, 1] }),
  coexists(
    'unique partial outside its filter',
    unique({ a: 1 }, { partialFilterExpression: { on: true } }),
    [{ _id: 1, a: 1, on: true }],
    { _id: 2, a: 1, on: false },
  ),
  coexists('unique sparse leaves missing out', unique({ a: 1 }, { sparse: true }), [{ _id: 1 }], { _id: 2 }),
  coexists('unique compound differs in one field', unique({ a: 1, b: 1 }), [{ _id: 1, a: 1, b: 1 }], {
    _id: 2,
    a: 1,
    b: 2,
  }),
  coexists('unique after the other was deleted', unique({ a: 1 }), [], { _id: 2, a: 1 }),
  {
    label: 'E11000 says which index and value',
    docs: [{ _id: 1, a: 1, b: 'x' }],
    indexes: [unique({ a: 1, b: 1 })],
    command: { insert: 'c', documents: [{ _id: 2, a: 1, b: 'x' }] },
    error: 11000,
  },
  {
    label: 'an update into a taken value',
    docs: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    indexes: [unique({ a: 1 })],
    command: { update: 'c', updates: [{ q: { _id: 2 }, u: { $set: { a: 1 } } }] },
    error: 11000,
    after: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
  },
  {
    label: 'an update to the value it has',
    docs: [{ _id: 1, a: 1 }],
    indexes: [unique({ a: 1 })],
    command: { update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { a: 1, b: 1 } } }] },
    reply: { nModified: 1 },
    after: [{ _id: 1, a: 1, b: 1 }],
  },
  {
    label: 'an update into a partial index',
    docs: [
      { _id: 1, a: 1, on: true },
      { _id: 2, a: 1, on: false },
    ],
    indexes: [unique({ a: 1 }, { partialFilterExpression: { on: true } })],
    command: { update: 'c', updates: [{ q: { _id: 2 }, u: { $set: { on: true } } }] },
    error: 11000,
  },
  {
    label: 'a unique index over duplicates cannot be made',
    docs: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ],
    command: { createIndexes: 'c', indexes: [unique({ a: 1 })] },
    error: 11000,
    differs: 'builds in the background, where the gateway does not see the error',
  },
  {
    label: 'a new index counts',
    docs: [{ _id: 1 }],
    command: { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] },
    reply: { numIndexesBefore: 1, numIndexesAfter: 2 },
  },
  {
    label: 'the same index again is nothing new',
    docs: [{ _id: 1 }],
    indexes: [{ key: { a: 1 }, name: 'a_1' }],
    command: { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] },
    reply: { numIndexesBefore: 2, numIndexesAfter: 2 },
  },
  {
    label: 'listIndexes',
    docs: [{ _id: 1 }],
    indexes: [{ key: { a: 1, b: -1 }, name: 'ab', unique: true }],
    command: { listIndexes: 'c' },
    differs: 'adds a note about its storage engine',
    batch: [
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1, b: -1 }, name: 'ab', unique: true },
    ],
  },
  {
    label: 'dropIndexes by name',
    docs: [{ _id: 1 }],
    indexes: [{ key: { a: 1 }, name: 'a_1' }],
    before: [{ dropIndexes: 'c', index: 'a_1' }],
    command: { listIndexes: 'c' },
    batch: [{ v: 2, key: { _id: 1 }, name: '_id_' }],
  },
  {
    label: 'dropIndexes by key',
    docs: [{ _id: 1 }],
    indexes: [{ key: { a: 1 }, name: 'a_1' }],
    before: [{ dropIndexes: 'c', index: { a: 1 } }],
    command: { listIndexes: 'c' },
    batch: [{ v: 2, key: { _id: 1 }, name: '_id_' }],
  },
  {
    label: 'dropIndexes of all',
    docs: [{ _id: 1 }],
    indexes: [
      { key: { a: 1 }, name: 'a_1' },
      { key: { b: 1 }, name: 'b_1' },
    ],
    before: [{ dropIndexes: 'c', index: '*' }],
    command: { listIndexes: 'c' },
    batch: [{ v: 2, key: { _id: 1 }, name: '_id_' }],
  },
  fails('the same name with another key', { createIndexes: 'c', indexes: [{ key: { b: 1 }, name: 'a_1' }] }, 86, {
    docs: [{ _id: 1 }],
    indexes: [{ key: { a: 1 }, name: 'a_1' }],
  }),
  fails('the same key with another name', { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'other' }] }, 85, {
    docs: [{ _id: 1 }],
    indexes: [{ key: { a: 1 }, name: 'a_1' }],
  }),
  fails(
    'the same name and key, now unique',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1', unique: true }] },
    86,
    { docs: [{ _id: 1 }], indexes: [{ key: { a: 1 }, name: 'a_1' }] },
  ),
  fails('an index that is not there', { dropIndexes: 'c', index: 'nope' }, 27, { docs: [{ _id: 1 }] }),
  fails('the index on _id stays', { dropIndexes: 'c', index: '_id_' }, 72, { docs: [{ _id: 1 }] }),
  fails('an index without keys', { createIndexes: 'c', indexes: [{ key: {}, name: 'x' }] }, 67),
  fails('a direction of zero', { createIndexes: 'c', indexes: [{ key: { a: 0 }, name: 'x' }] }, 67),
  fails(
    'sparse and partial together',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'x', sparse: true, partialFilterExpression: { a: 1 } }] },
    67,
  ),
  fails(
    'a partial filter with $ne',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $ne: 1 } } }] },
    67,
  ),
  fails('listIndexes of a collection that is not there', { listIndexes: 'nowhere' }, 26),
  fails('an index over two arrays', { insert: 'c', documents: [{ _id: 1, a: [1], b: [2] }] }, 171, {
    docs: [],
    indexes: [{ key: { a: 1, b: 1 }, name: 'ab' }],
    differs: 'indexes parallel arrays',
  }),
  indexed('index: equality', { age: 1 }, { age: 40 }, [2, 3]),
  indexed('index: range', { age: 1 }, { age: { $gt: 30, $lte: 50 } }, [2, 3, 4]),
  indexed('index: range on a descending field', { age: -1 }, { age: { $gte: 30, $lt: 50 } }, [1, 2, 3]),
  indexed('index: range stays within a type', { age: 1 }, { age: { $gte: '0' } }, [5]),
  indexed('index: $in', { age: 1 }, { age: { $in: [30, 50, '50'] } }, [1, 4, 5]),
  indexed('index: null', { name: 1 }, { name: null }, [4, 5]),
  indexed('index: null with a sparse index', { name: 1 }, { name: null }, [4, 5], { sparse: true }),
  indexed('index: $exists false', { name: 1 }, { name: { $exists: false } }, [5]),
  indexed('index: $exists true', { name: 1 }, { name: { $exists: true } }, [1, 2, 3, 4], { sparse: true }),
  indexed('index: $ne', { age: 1 }, { age: { $ne: 40 } }, [1, 4, 5]),
  indexed('index: compound equality and range', { age: 1, name: 1 }, { age: 40, name: { $gt: 'B' } }, [2, 3]),
  indexed('index: compound with a gap', { age: 1, name: 1 }, { name: 'Bela' }, [2]),
  indexed('index: array element', { tags: 1 }, { tags: 'b' }, [1, 2]),
  indexed('index: empty array', { tags: 1 }, { tags: [] }, [3]),
  indexed('index: whole array', { tags: 1 }, { tags: ['a', 'b'] }, [1]),
  indexed('index: range over an array', { tags: 1 }, { tags: { $gt: 'a', $lt: 'c' } }, [1, 2]),
  indexed('index: path in an array', { 'home.hash': 1 }, { 'home.hash': 'h3' }, [2]),
  indexed(
    'index: $elemMatch',
    { 'home.hash': 1, 'home.kind': 1 },
    { home: { $elemMatch: { hash: 'h3', kind: 'web' } } },
    [2],
  ),
  indexed(
    'index: $elemMatch with no such pair',
    { 'home.hash': 1, 'home.kind': 1 },
    { home: { $elemMatch: { hash: 'h3', kind: 'sms' } } },
    [],
  ),
  indexed('index: a missing path in an array', { 'home.hash': 1 }, { 'home.hash': null }, [3, 4, 5]),
  indexed('index: prefix of a text', { name: 1 }, { name: /^B/ }, [2]),
  indexed('index: prefix with an alternative', { name: 1 }, { name: /^Asha|^Bela/ }, [1, 2]),
  indexed('index: prefix ignoring case', { name: 1 }, { name: /^b/i }, [2]),
  indexed('index: optional last letter of a prefix', { name: 1 }, { name: /^Belax?$/ }, [2]),
  indexed('index: $or', { age: 1 }, { $or: [{ age: 30 }, { name: 'Chaya' }] }, [1, 3]),
  indexed('index: $and of two fields', { age: 1 }, { $and: [{ age: 40 }, { name: 'Chaya' }] }, [3]),
  indexed('index: partial that fits', { age: 1 }, { age: 40, name: 'Bela' }, [2], {
    partialFilterExpression: { name: 'Bela' },
  }),
  indexed('index: partial that does not fit', { age: 1 }, { age: 40 }, [2, 3], {
    partialFilterExpression: { name: 'Bela' },
  }),
  indexed('index: partial by range', { age: 1 }, { age: { $gt: 45 } }, [4], {
    partialFilterExpression: { age: { $gt: 35 } },
  }),
  indexed('index: sparse with equality', { name: 1 }, { name: 'Asha' }, [1], { sparse: true }),
  indexed('index: $all', { tags: 1 }, { tags: { $all: ['a', 'b'] } }, [1]),
];
