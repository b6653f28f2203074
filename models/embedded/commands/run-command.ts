import { serialize } from 'bson';
import type { Engine } from '../engine.ts';
import { CommandError, errorReply } from '../errors.ts';
import type { Doc } from '../values.ts';
import type { Message } from '../wire.ts';
import { type Command, refuseUnsupported } from './command.ts';
import { commands } from './table.ts';

/** Runs one message's command and encodes its reply; every error becomes a reply. */
export async function runCommand(
  engine: Engine,
  message: Message,
  decodeBody: () => Doc,
  connectionId: number,
): Promise<Buffer> {
  try {
    const body = decodeBody();
    const [name = ''] = Object.keys(body);
    const handler = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!handler) throw new CommandError(59, `no such command: '${name}'`);
    const command: Command = { name, db: databaseOf(body, message), body, sequences: message.sequences, connectionId };
    refuseUnsupported(command);
    const reply = await handler(engine, command);
    return Buffer.isBuffer(reply) ? reply : Buffer.from(serialize(reply));
  } catch (error) {
    return Buffer.from(serialize(errorReply(error)));
  }
}

function databaseOf(body: Doc, message: Message): string {
  const db = body['$db'];
  if (typeof db === 'string') {
    if (db === '' || /[/\\. "$*<>:|?\0]/.test(db)) throw new CommandError(73, `Invalid database name: '${db}'`);
    return db;
  }
  if (message.legacy) return 'admin';
  throw new CommandError(40414, "BSON field '$db' is missing but a required field");
}
