import { decode } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { compileFilter, type ExpressionEvaluator, type MatchDetails } from '../match/matcher.ts';
import { compileProjection, type Projection } from '../projection.ts';
import type { Reply } from '../reply.ts';
import { docOf } from '../scan.ts';
import { parseSort } from '../sorting.ts';
import { buildUpsert, compileUpdate } from '../update/compile-update.ts';
import { type Doc, field, isDocument } from '../values.ts';
import { collectionName, type Command, documentOption, flagOption } from './command.ts';
import { hintOf, usesExpr } from './find.ts';
import { findFirst, modify } from './update.ts';

/** findAndModify: https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
export async function findAndModify(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const { body, db } = command;
  checkOptions(body);
  const evaluate = await expressionsIfNeeded(engine, body);
  const filter = documentOption(body, 'query') ?? {};
  const fields = documentOption(body, 'fields');
  const target = {
    filter,
    matcher: compileFilter(filter, { evaluate }),
    sort: parseSort(documentOption(body, 'sort') ?? {}),
    hint: hintOf(body),
  };
  const project = fields && Object.keys(fields).length > 0 ? compileProjection(fields, { evaluate }) : undefined;
  const shape = (doc: Doc): Doc => projected(project, doc, target.matcher);
  if (flagOption(body, 'remove')) return engine.writer.run(() => removeOne(engine, db, name, target, shape));
  const arrayFilters = field(body, 'arrayFilters');
  const update = compileUpdate(field(body, 'update'), {
    arrayFilters: Array.isArray(arrayFilters) ? arrayFilters : [],
    evaluate,
  });
  const wantsNew = flagOption(body, 'new');
  return engine.writer.run(() => {
    const collection = engine.find(db, name);
    const found = collection && findFirst(engine, collection, target);
    if (collection && found) {
      const { raw } = modify(engine, collection, found, { ...target, update });
      return {
        lastErrorObject: { n: 1, updatedExisting: true },
        value: shape(wantsNew ? decode(raw) : docOf(found)),
        ok: 1,
      };
    }
    if (!flagOption(body, 'upsert')) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
    const { doc, raw } = buildUpsert(filter, update);
    engine.documents.insert(collection ?? engine.catalog.ensure(db, name), raw, doc);
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: doc['_id'] },
      value: wantsNew ? shape(doc) : null,
      ok: 1,
    };
  });
}

function checkOptions(body: Doc): void {
  const remove = flagOption(body, 'remove');
  const given = field(body, 'update');
  if (remove && given !== undefined) throw new CommandError(9, "Cannot specify both an 'update' and 'remove'=true");
  if (remove && flagOption(body, 'new'))
    throw new CommandError(
      9,
      "Cannot specify both 'new'=true and 'remove'=true; 'remove' always returns the deleted document",
    );
  if (remove && flagOption(body, 'upsert'))
    throw new CommandError(9, "Cannot specify both 'upsert'=true and 'remove'=true");
  if (!remove && given === undefined)
    throw new CommandError(9, "Either an 'update' or 'remove'=true must be specified");
}

/** Pipelines and computed fields need the expression language; the plain forms do without loading it. */
async function expressionsIfNeeded(engine: Engine, body: Doc): Promise<ExpressionEvaluator | undefined> {
  const fields = documentOption(body, 'fields');
  const computed =
    fields !== undefined && Object.values(fields).some((value) => typeof value === 'string' || isDocument(value));
  return Array.isArray(body['update']) || computed || usesExpr(field(body, 'query')) ? engine.expressions() : undefined;
}

function removeOne(
  engine: Engine,
  db: string,
  name: string,
  target: Parameters<typeof findFirst>[2],
  shape: (doc: Doc) => Doc,
): Reply {
  const collection = engine.find(db, name);
  const found = collection && findFirst(engine, collection, target);
  if (!collection || !found) return { lastErrorObject: { n: 0 }, value: null, ok: 1 };
  const doc = docOf(found);
  engine.documents.remove(collection, found.idKey, doc);
  return { lastErrorObject: { n: 1 }, value: shape(doc), ok: 1 };
}

function projected(
  project: Projection | undefined,
  doc: Doc,
  matcher: (doc: Doc, details: MatchDetails) => boolean,
): Doc {
  if (!project) return doc;
  const details: MatchDetails = { position: -1 };
  matcher(doc, details);
  return project(doc, details.position);
}
