import type { Engine } from '../engine.ts';
import { Long } from 'bson';
import { CommandError } from '../errors.ts';
import { cursorReply, type Reply } from '../reply.ts';
import { field } from '../values.ts';
import { type Command, cursorId, numberOption } from './command.ts';
import { replyBytes } from './find.ts';

/** getMore: https://www.mongodb.com/docs/manual/reference/command/getMore/ */
export async function getMore(engine: Engine, command: Command): Promise<Reply> {
  const id = cursorId(command.body['getMore']);
  const ns = `${command.db}.${String(field(command.body, 'collection'))}`;
  const size = numberOption(command.body, 'batchSize', 0);
  const { documents, open } = await engine.cursors.next(id, ns, size === 0 ? Infinity : size, replyBytes);
  return cursorReply('nextBatch', open ? id : 0n, ns, documents);
}

/** killCursors: https://www.mongodb.com/docs/manual/reference/command/killCursors/ */
export function killCursors(engine: Engine, command: Command): Reply {
  const given = field(command.body, 'cursors');
  if (!Array.isArray(given))
    throw new CommandError(14, "BSON field 'killCursors.cursors' is the wrong type, expected type 'array'");
  const cursorsKilled: Long[] = [];
  const cursorsNotFound: Long[] = [];
  for (const each of given as unknown[]) {
    const id = cursorId(each);
    (engine.cursors.kill(id) ? cursorsKilled : cursorsNotFound).push(Long.fromBigInt(id));
  }
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
}
