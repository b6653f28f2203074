import { Int32, Long } from 'bson';
import { type Case, fails, pipes } from '../case.ts';

const sales = [
  { _id: 1, k: 'a', n: 5, d: new Date('2024-01-05T00:00:00Z') },
  { _id: 2, k: 'b', n: 3, d: new Date('2024-01-20T00:00:00Z') },
  { _id: 3, k: 'a', n: 7, d: new Date('2024-02-10T00:00:00Z') },
  { _id: 4, k: 'c', d: new Date('2024-02-11T00:00:00Z') },
];
const any = { anyOrder: true } as const;
const byId = { $sort: { _id: 1 } };

export const stages: readonly Case[] = [
  pipes('an empty pipeline', [{ _id: 1 }], [], [{ _id: 1 }]),
  pipes('$match', sales, [{ $match: { k: 'a' } }, byId, { $project: { _id: 1 } }], [{ _id: 1 }, { _id: 3 }]),
  pipes(
    '$match twice',
    sales,
    [{ $match: { k: 'a' } }, { $match: { n: { $gt: 5 } } }, { $project: { _id: 1 } }],
    [{ _id: 3 }],
  ),
  pipes(
    '$sort, $skip, $limit',
    sales,
    [{ $sort: { n: -1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { n: 1, _id: 0 } }],
    [{ n: 5 }, { n: 3 }],
  ),
  pipes(
    '$limit before $sort',
    sales,
    [byId, { $limit: 2 }, { $sort: { _id: -1 } }, { $project: { _id: 1 } }],
    [{ _id: 2 }, { _id: 1 }],
  ),
  pipes('$project with inclusion', sales, [{ $match: { _id: 1 } }, { $project: { n: 1 } }], [{ _id: 1, n: 5 }]),
  pipes('$project with exclusion', sales, [{ $match: { _id: 1 } }, { $project: { d: 0, k: 0 } }], [{ _id: 1, n: 5 }]),
  pipes(
    '$project with expressions',
    sales,
    [{ $match: { _id: 1 } }, { $project: { _id: 0, twice: { $multiply: ['$n', 2] } } }],
    [{ twice: 10 }],
  ),
  pipes('$project of a missing field', sales, [{ $match: { _id: 4 } }, { $project: { _id: 0, v: '$n' } }], [{}]),
  pipes('$project into a path', [{ _id: 1, a: 2 }], [{ $project: { _id: 0, 'x.y': '$a' } }], [{ x: { y: 2 } }]),
  pipes(
    '$project of a nested document',
    [{ _id: 1, a: 2, b: 3 }],
    [{ $project: { _id: 0, x: { a: '$a', b: '$b' } } }],
    [{ x: { a: 2, b: 3 } }],
  ),
  pipes(
    '$project of an array',
    [{ _id: 1, a: 2 }],
    [{ $project: { _id: 0, x: ['$a', '$q', 5] } }],
    [{ x: [2, null, 5] }],
  ),
  pipes('$addFields', [{ _id: 1, a: 2 }], [{ $addFields: { b: { $add: ['$a', 1] } } }], [{ _id: 1, a: 2, b: 3 }]),
  pipes('$set into a path', [{ _id: 1, a: { b: 1 } }], [{ $set: { 'a.c': 2 } }], [{ _id: 1, a: { b: 1, c: 2 } }]),
  pipes(
    '$set over an array',
    [{ _id: 1, a: [{ b: 1 }, { b: 2 }] }],
    [{ $set: { 'a.c': 9 } }],
    [
      {
        _id: 1,
        a: [
          { b: 1, c: 9 },
          { b: 2, c: 9 },
        ],
      },
    ],
  ),
  pipes('$set with $$REMOVE', [{ _id: 1, a: 1, b: 2 }], [{ $set: { a: '$$REMOVE' } }], [{ _id: 1, b: 2 }]),
  pipes('$unset', [{ _id: 1, a: 1, b: { c: 1, d: 2 } }], [{ $unset: ['a', 'b.c'] }], [{ _id: 1, b: { d: 2 } }]),
  pipes('$replaceRoot', [{ _id: 1, a: { x: 1 } }], [{ $replaceRoot: { newRoot: '$a' } }], [{ x: 1 }]),
  pipes('$replaceWith a computed document', [{ _id: 1, a: 2 }], [{ $replaceWith: { b: '$a' } }], [{ b: 2 }]),
  pipes(
    '$replaceWith merged',
    [{ _id: 1, a: { x: 1 } }],
    [{ $replaceWith: { $mergeObjects: [{ y: 2 }, '$a'] } }],
    [{ y: 2, x: 1 }],
  ),
  pipes(
    '$group and $sum',
    sales,
    [{ $group: { _id: '$k', t: { $sum: '$n' } } }],
    [
      { _id: 'a', t: 12 },
      { _id: 'b', t: 3 },
      { _id: 'c', t: 0 },
    ],
    any,
  ),
  pipes(
    '$group counting',
    sales,
    [{ $group: { _id: '$k', c: { $sum: 1 } } }],
    [
      { _id: 'a', c: 2 },
      { _id: 'b', c: 1 },
      { _id: 'c', c: 1 },
    ],
    any,
  ),
  pipes('$group with $count', sales, [{ $group: { _id: null, c: { $count: {} } } }], [{ _id: null, c: 4 }]),
  pipes(
    '$group of everything',
    sales,
    [{ $group: { _id: null, avg: { $avg: '$n' }, min: { $min: '$n' }, max: { $max: '$n' } } }],
    [{ _id: null, avg: 5, min: 3, max: 7 }],
  ),
  pipes(
    '$group with $first and $last',
    sales,
    [byId, { $group: { _id: null, f: { $first: '$k' }, l: { $last: '$k' } } }],
    [{ _id: null, f: 'a', l: 'c' }],
  ),
  pipes(
    '$group with $push',
    sales,
    [byId, { $group: { _id: '$k', all: { $push: '$n' } } }],
    [
      { _id: 'a', all: [5, 7] },
      { _id: 'b', all: [3] },
      { _id: 'c', all: [] },
    ],
    any,
  ),
  pipes(
    '$group with $push of documents',
    sales,
    [byId, { $match: { k: 'a' } }, { $group: { _id: '$k', all: { $push: { n: '$n', id: '$_id' } } } }],
    [
      {
        _id: 'a',
        all: [
          { n: 5, id: 1 },
          { n: 7, id: 3 },
        ],
      },
    ],
  ),
  pipes(
    '$group with $addToSet',
    sales,
    [{ $group: { _id: null, ks: { $addToSet: '$k' } } }, { $project: { n: { $size: '$ks' } } }],
    [{ _id: null, n: 3 }],
  ),
  pipes(
    '$group by a document',
    sales,
    [{ $group: { _id: { k: '$k', big: { $gt: ['$n', 4] } }, c: { $sum: 1 } } }],
    [
      { _id: { k: 'a', big: true }, c: 2 },
      { _id: { k: 'b', big: false }, c: 1 },
      { _id: { k: 'c', big: false }, c: 1 },
    ],
    any,
  ),
  pipes(
    '$group by a missing field',
    [{ _id: 1 }, { _id: 2, k: null }],
    [{ $group: { _id: '$k', c: { $sum: 1 } } }],
    [{ _id: null, c: 2 }],
  ),
  pipes(
    '$group by month',
    sales,
    [{ $group: { _id: { $dateToString: { format: '%Y-%m', date: '$d' } }, c: { $sum: 1 } } }],
    [
      { _id: '2024-01', c: 2 },
      { _id: '2024-02', c: 2 },
    ],
    any,
  ),
  pipes('$group of no documents', [], [{ $group: { _id: null, c: { $sum: 1 } } }], []),
  pipes(
    '$group sums conditions',
    sales,
    [{ $group: { _id: null, big: { $sum: { $cond: [{ $gte: ['$n', 5] }, 1, 0] } } } }],
    [{ _id: null, big: 2 }],
  ),
  pipes(
    '$group with $stdDevPop',
    [
      { _id: 1, n: 2 },
      { _id: 2, n: 4 },
    ],
    [{ $group: { _id: null, s: { $stdDevPop: '$n' } } }],
    [{ _id: null, s: 1 }],
  ),
  pipes(
    '$group with $mergeObjects',
    [
      { _id: 1, o: { a: 1 } },
      { _id: 2, o: { b: 2 } },
    ],
    [byId, { $group: { _id: null, o: { $mergeObjects: '$o' } } }],
    [{ _id: null, o: { a: 1, b: 2 } }],
  ),
  pipes(
    '$group keeps types in sums',
    [
      { _id: 1, n: Long.fromNumber(5) },
      { _id: 2, n: new Int32(1) },
    ],
    [{ $group: { _id: null, s: { $sum: '$n' } } }],
    [{ _id: null, s: Long.fromNumber(6) }],
    { exact: true },
  ),
  pipes(
    '$unwind',
    [{ _id: 1, a: [1, 2] }, { _id: 2, a: [] }, { _id: 3 }, { _id: 4, a: 5 }],
    [{ $unwind: '$a' }],
    [
      { _id: 1, a: 1 },
      { _id: 1, a: 2 },
      { _id: 4, a: 5 },
    ],
    any,
  ),
  pipes(
    '$unwind keeping the empty',
    [{ _id: 1, a: [1] }, { _id: 2, a: [] }, { _id: 3 }, { _id: 4, a: null }],
    [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true } }],
    [{ _id: 1, a: 1 }, { _id: 2 }, { _id: 3 }, { _id: 4, a: null }],
    any,
  ),
  pipes(
    '$unwind with positions',
    [{ _id: 1, a: ['x', 'y'] }],
    [{ $unwind: { path: '$a', includeArrayIndex: 'i' } }],
    [
      { _id: 1, a: 'x', i: 0 },
      { _id: 1, a: 'y', i: 1 },
    ],
  ),
  pipes(
    '$unwind of a path',
    [{ _id: 1, a: { b: [1, 2] } }],
    [{ $unwind: '$a.b' }],
    [
      { _id: 1, a: { b: 1 } },
      { _id: 1, a: { b: 2 } },
    ],
  ),
  pipes(
    '$unwind and $group',
    [
      { _id: 1, t: ['x', 'y'] },
      { _id: 2, t: ['x'] },
    ],
    [{ $unwind: '$t' }, { $group: { _id: '$t', c: { $sum: 1 } } }, { $sort: { _id: 1 } }],
    [
      { _id: 'x', c: 2 },
      { _id: 'y', c: 1 },
    ],
  ),
  pipes('$count of nothing', sales, [{ $match: { k: 'q' } }, { $count: 'total' }], [], {
    differs: 'answers a count of zero',
  }),
  fails('an unknown stage', { aggregate: 'c', pipeline: [{ $foo: {} }], cursor: {} }, 40324, { docs: [{ _id: 1 }] }),
  fails('a stage with two names', { aggregate: 'c', pipeline: [{ $match: {}, $limit: 1 }], cursor: {} }, 40323, {
    docs: [{ _id: 1 }],
  }),
  fails('a limit of zero', { aggregate: 'c', pipeline: [{ $limit: 0 }], cursor: {} }, 15958, { docs: [{ _id: 1 }] }),
  fails('a group without _id', { aggregate: 'c', pipeline: [{ $group: { n: { $sum: 1 } } }], cursor: {} }, 15955, {
    docs: [{ _id: 1 }],
  }),
  fails(
    'an unknown accumulator',
    { aggregate: 'c', pipeline: [{ $group: { _id: null, n: { $foo: 1 } } }], cursor: {} },
    15952,
    { docs: [{ _id: 1 }] },
  ),
  fails(
    '$accumulator runs no scripts',
    { aggregate: 'c', pipeline: [{ $group: { _id: null, n: { $accumulator: {} } } }], cursor: {} },
    15952,
    { docs: [{ _id: 1 }] },
  ),
  fails('a projection of nothing', { aggregate: 'c', pipeline: [{ $project: {} }], cursor: {} }, 51272, {
    docs: [{ _id: 1 }],
    differs: 'takes an empty projection',
  }),
  fails('$unwind without a dollar', { aggregate: 'c', pipeline: [{ $unwind: 'a' }], cursor: {} }, 28818, {
    docs: [{ _id: 1 }],
  }),
  fails('an aggregate without a cursor', { aggregate: 'c', pipeline: [] }, 9, {
    docs: [{ _id: 1 }],
    differs: 'needs no cursor option',
  }),
  fails(
    'a replacement that is no document',
    { aggregate: 'c', pipeline: [{ $replaceWith: '$a' }], cursor: {} },
    40228,
    { docs: [{ _id: 1, a: 5 }] },
  ),
  fails('a sort by nothing', { aggregate: 'c', pipeline: [{ $sort: {} }], cursor: {} }, 15976, { docs: [{ _id: 1 }] }),
  fails('a count without a name', { aggregate: 'c', pipeline: [{ $count: '' }], cursor: {} }, 40157, {
    docs: [{ _id: 1 }],
  }),
];
