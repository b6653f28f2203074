import type { Case } from './case.ts';
import { arrayUpdates } from './cases/array-updates.ts';
import { comparison } from './cases/comparison.ts';
import { elements } from './cases/elements.ts';
import { expressions } from './cases/expressions.ts';
import { findAndModify } from './cases/find-and-modify.ts';
import { finding } from './cases/finding.ts';
import { indexes } from './cases/indexes.ts';
import { joining } from './cases/joining.ts';
import { stages } from './cases/stages.ts';
import { updating } from './cases/updating.ts';
import { upserting } from './cases/upserting.ts';
import { writing } from './cases/writing.ts';

/** Every case, by what it is about. */
export const groups: readonly { readonly name: string; readonly cases: readonly Case[] }[] = [
  { name: 'comparison and logic', cases: comparison },
  { name: 'elements, arrays, patterns', cases: elements },
  { name: 'find', cases: finding },
  { name: 'update operators', cases: updating },
  { name: 'array updates', cases: arrayUpdates },
  { name: 'upserts', cases: upserting },
  { name: 'findAndModify', cases: findAndModify },
  { name: 'inserts, deletes, collections', cases: writing },
  { name: 'indexes', cases: indexes },
  { name: 'aggregation stages', cases: stages },
  { name: 'joins, facets, windows', cases: joining },
  { name: 'aggregation expressions', cases: expressions },
];
