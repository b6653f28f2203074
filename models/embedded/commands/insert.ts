import { decode, encode, maxDocumentBytes, maxWriteBatch, rawWithId, tooLarge } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import type { Reply } from '../reply.ts';
import type { Doc } from '../values.ts';
import { collectionName, type Command, documentList } from './command.ts';
import { writeError, writeReply } from './write-errors.ts';

interface Prepared {
  readonly raw: Buffer;
  readonly doc: Doc;
}

const pieceSize = 500;

/** insert: https://www.mongodb.com/docs/manual/reference/command/insert/ */
export async function insert(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const sequence = command.sequences.get('documents') ?? documentList(command, 'documents').map(encode);
  if (sequence.length === 0 || sequence.length > maxWriteBatch)
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${maxWriteBatch}. Got ${sequence.length} operations.`,
    );
  const ordered = command.body['ordered'] !== false;
  const errors: Doc[] = [];
  let inserted = 0;
  for (let from = 0; from < sequence.length && !(ordered && errors.length > 0); from += pieceSize) {
    const piece = sequence.slice(from, from + pieceSize);
    const prepared = piece.map(prepare);
    inserted += await engine.writer.run(() => insertPiece(engine, command.db, name, prepared, from, ordered, errors));
  }
  return writeReply({ n: inserted }, errors);
}

/** Decodes a document to store; an error is kept for its place in the reply. */
function prepare(raw: Buffer): Prepared | CommandError {
  try {
    if (raw.length > maxDocumentBytes) throw tooLarge(raw.length);
    const doc = decode(raw);
    return { doc, raw: rawWithId(raw, doc) };
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

function insertPiece(
  engine: Engine,
  db: string,
  name: string,
  prepared: readonly (Prepared | CommandError)[],
  from: number,
  ordered: boolean,
  errors: Doc[],
): number {
  const collection = engine.catalog.ensure(db, name);
  let inserted = 0;
  for (const [index, each] of prepared.entries()) {
    try {
      if (each instanceof CommandError) throw each;
      engine.documents.insert(collection, each.raw, each.doc);
      inserted += 1;
    } catch (error) {
      errors.push(writeError(error, from + index));
      if (ordered) break;
    }
  }
  return inserted;
}
