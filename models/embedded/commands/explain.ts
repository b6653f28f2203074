import { constraintsOf } from '../constraints.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import type { Plan } from '../planner.ts';
import type { Reply } from '../reply.ts';
import { parseSort } from '../sorting.ts';
import { type Doc, field } from '../values.ts';
import { type Command, documentOption } from './command.ts';
import { type FindQuestion, hintOf, idOnly, openFind, parseFind, replyBytes } from './find.ts';

const explainable = new Set(['find', 'count', 'distinct', 'aggregate', 'update', 'delete', 'findAndModify']);

/** explain: the plan and, unless only the planner is asked, what running it looked at. */
export async function explain(engine: Engine, command: Command): Promise<Reply> {
  const inner = documentOption(command.body, 'explain') ?? {};
  const [name = ''] = Object.keys(inner);
  if (!explainable.has(name)) throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  const question = explained(inner, name);
  const namespace = `${command.db}.${String(inner[name])}`;
  const collection = engine.find(command.db, String(inner[name]));
  const base = { namespace, parsedQuery: question.filter };
  if (!collection) {
    const executionStats = { nReturned: 0, totalKeysExamined: 0, totalDocsExamined: 0 };
    return { queryPlanner: { ...base, winningPlan: { stage: 'EOF' } }, executionStats, ok: 1 };
  }
  const { source, plan, scan } = openFind(engine, collection, question, await engine.expressions());
  let nReturned = 0;
  if (command.body['verbosity'] !== 'queryPlanner')
    while (!source.done) nReturned += (await source.next(1000, replyBytes)).length;
  const executionStats = { nReturned, totalKeysExamined: scan.keysExamined, totalDocsExamined: scan.docsExamined };
  return { queryPlanner: { ...base, winningPlan: planDocument(plan, question) }, executionStats, ok: 1 };
}

function explained(inner: Doc, name: string): FindQuestion {
  if (name === 'find') return parseFind(inner);
  return {
    ...parseFind({}),
    filter: explainedFilter(inner),
    sort: parseSort(documentOption(inner, 'sort') ?? {}),
    limit: name === 'findAndModify' ? 1 : 0,
    hint: hintOf(inner),
  };
}

/** The filter of a command that is not find: its query, its first statement's, or the $match its pipeline begins with. */
function explainedFilter(inner: Doc): Doc {
  const [statement] = (field(inner, 'updates') ?? field(inner, 'deletes') ?? []) as Doc[];
  const [stage] = (field(inner, 'pipeline') ?? []) as Doc[];
  return (
    documentOption(stage ?? {}, '$match') ??
    documentOption(statement ?? {}, 'q') ??
    documentOption(inner, 'query') ??
    {}
  );
}

function planDocument(chosen: Plan, question: FindQuestion): Doc {
  const fetch = scanDocument(chosen, question);
  return question.sort.length > 0 && !chosen.sorted ? { stage: 'SORT', inputStage: fetch } : fetch;
}

function scanDocument({ index, reverse }: Plan, { filter }: FindQuestion): Doc {
  const direction = reverse ? 'backward' : 'forward';
  if (!index) return { stage: 'COLLSCAN', direction };
  if (index.isId && constraintsOf(filter).get('_id')?.points?.length === 1 && idOnly(filter) !== undefined)
    return { stage: 'IDHACK' };
  const inputStage = {
    stage: 'IXSCAN',
    indexName: index.name,
    keyPattern: index.spec['key'],
    isMultiKey: index.multikey,
    direction,
  };
  return { stage: 'FETCH', inputStage };
}
