import { type Case, pipes } from '../case.ts';

const sales = [
  { _id: 1, k: 'a', n: 5 },
  { _id: 2, k: 'b', n: 3 },
  { _id: 3, k: 'a', n: 7 },
  { _id: 4, k: 'c' },
];
const any = { anyOrder: true } as const;
const byId = { $sort: { _id: 1 } };
const orders = [{ _id: 1, item: 'x', qty: 2 }, { _id: 2, item: 'y', qty: 1 }, { _id: 3 }];
const stock = [{ _id: 1, sku: 'x', q: 10 }, { _id: 2, sku: 'y', q: 20 }, { _id: 3, sku: 'x', q: 30 }, { _id: 4 }];

export const joining: readonly Case[] = [
  pipes('$count', sales, [{ $match: { k: 'a' } }, { $count: 'total' }], [{ total: 2 }]),
  pipes('$sortByCount', sales, [{ $sortByCount: '$k' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]),
  pipes(
    '$redact that descends',
    [{ _id: 1, open: true, a: { open: true, n: 1 }, b: [{ open: false }, { open: true, n: 2 }] }],
    [{ $redact: { $cond: ['$open', '$$DESCEND', '$$PRUNE'] } }],
    [{ _id: 1, open: true, a: { open: true, n: 1 }, b: [{ open: true, n: 2 }] }],
  ),
  pipes(
    '$bucket at its boundaries',
    [
      { _id: 1, n: 0 },
      { _id: 2, n: 4.9 },
      { _id: 3, n: 5 },
    ],
    [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 10] } }],
    [
      { _id: 0, count: 2 },
      { _id: 5, count: 1 },
    ],
  ),
  pipes(
    '$lookup',
    orders,
    [
      { $lookup: { from: 's', localField: 'item', foreignField: 'sku', as: 'in' } },
      byId,
      { $project: { ids: '$in._id' } },
    ],
    [
      { _id: 1, ids: [1, 3] },
      { _id: 2, ids: [2] },
      { _id: 3, ids: [4] },
    ],
    { others: { s: stock } },
  ),
  pipes(
    '$lookup of an array',
    [{ _id: 1, items: ['x', 'y'] }],
    [
      { $lookup: { from: 's', localField: 'items', foreignField: 'sku', as: 'in' } },
      { $project: { n: { $size: '$in' } } },
    ],
    [{ _id: 1, n: 3 }],
    { others: { s: stock } },
  ),
  pipes(
    '$lookup with a pipeline',
    orders,
    [
      { $match: { _id: 1 } },
      {
        $lookup: {
          from: 's',
          let: { item: '$item', least: '$qty' },
          pipeline: [
            { $match: { $expr: { $and: [{ $eq: ['$sku', '$$item'] }, { $gte: ['$q', '$$least'] }] } } },
            { $project: { _id: 0, q: 1 } },
            { $sort: { q: 1 } },
          ],
          as: 'in',
        },
      },
      { $project: { in: 1 } },
    ],
    [{ _id: 1, in: [{ q: 10 }, { q: 30 }] }],
    { others: { s: stock } },
  ),
  pipes(
    '$lookup of a collection that is not there',
    [{ _id: 1, a: 1 }],
    [{ $lookup: { from: 'nowhere', localField: 'a', foreignField: 'b', as: 'x' } }],
    [{ _id: 1, a: 1, x: [] }],
  ),
  pipes(
    '$lookup and $unwind',
    orders,
    [
      { $lookup: { from: 's', localField: 'item', foreignField: 'sku', as: 'in' } },
      { $unwind: '$in' },
      { $group: { _id: null, q: { $sum: '$in.q' } } },
    ],
    [{ _id: null, q: 60 }],
    { others: { s: stock } },
  ),
  pipes('$unionWith', [{ _id: 1 }], [{ $unionWith: 's' }, { $count: 'n' }], [{ n: 5 }], { others: { s: stock } }),
  pipes(
    '$unionWith a pipeline',
    [{ _id: 9 }],
    [{ $unionWith: { coll: 's', pipeline: [{ $match: { sku: 'y' } }, { $project: { _id: 1 } }] } }, byId],
    [{ _id: 2 }, { _id: 9 }],
    { others: { s: stock } },
  ),
  pipes(
    '$facet',
    sales,
    [
      {
        $facet: {
          n: [{ $count: 'c' }],
          big: [{ $match: { n: { $gt: 4 } } }, { $sort: { n: -1 } }, { $project: { n: 1, _id: 0 } }],
        },
      },
    ],
    [{ n: [{ c: 4 }], big: [{ n: 7 }, { n: 5 }] }],
  ),
  pipes(
    '$bucket',
    sales,
    [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 10], default: 'none', output: { c: { $sum: 1 } } } }],
    [
      { _id: 0, c: 1 },
      { _id: 5, c: 2 },
      { _id: 'none', c: 1 },
    ],
    any,
  ),
  pipes('$sample', [{ _id: 1 }], [{ $sample: { size: 3 } }], [{ _id: 1 }]),
  pipes(
    '$redact',
    [
      { _id: 1, level: 1 },
      { _id: 2, level: 5 },
    ],
    [{ $redact: { $cond: [{ $gt: ['$level', 3] }, '$$PRUNE', '$$KEEP'] } }],
    [{ _id: 1, level: 1 }],
  ),
  pipes(
    '$setWindowFields',
    [
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, n: 3 },
    ],
    [
      {
        $setWindowFields: {
          sortBy: { _id: 1 },
          output: { run: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } },
        },
      },
      byId,
    ],
    [
      { _id: 1, n: 1, run: 1 },
      { _id: 2, n: 2, run: 3 },
      { _id: 3, n: 3, run: 6 },
    ],
  ),
  pipes(
    '$graphLookup',
    [{ _id: 'a' }, { _id: 'b', up: 'a' }, { _id: 'c', up: 'b' }],
    [
      { $match: { _id: 'c' } },
      { $graphLookup: { from: 'c', startWith: '$up', connectFromField: 'up', connectToField: '_id', as: 'line' } },
      { $project: { n: { $size: '$line' } } },
    ],
    [{ _id: 'c', n: 2 }],
  ),
  pipes(
    'variables of the command',
    [
      { _id: 1, a: 5 },
      { _id: 2, a: 1 },
    ],
    [{ $match: { $expr: { $gt: ['$a', '$$least'] } } }, { $project: { _id: 1 } }],
    [{ _id: 1 }],
    {
      command: {
        aggregate: 'c',
        pipeline: [{ $match: { $expr: { $gt: ['$a', '$$least'] } } }, { $project: { _id: 1 } }],
        cursor: {},
        let: { least: 3 },
      },
    },
  ),
];
