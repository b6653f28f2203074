import type { Conversation } from '../../../models/conversations.ts';
import type { Database } from '../../../models/database.ts';
import type { Feedback } from '../../../models/feedback.ts';
import type { InboundRow, OutboundRow } from '../../../models/messages/schema.ts';
import type { OptOut } from '../../../models/optouts.ts';
import type { Person } from '../../../models/people.ts';
import type { World } from './check.ts';

/** Reads all that is stored. A run's worth fits into memory. */
export async function readWorld(
  database: Database,
  seen: Omit<
    World,
    'inbound' | 'outbound' | 'conversations' | 'people' | 'feedback' | 'optOuts' | 'files' | 'chunks' | 'database'
  >,
): Promise<World> {
  const all = async <T>(name: string, filter: object = {}, projection: object = {}): Promise<T[]> =>
    (await database.connection.collection(name).find(filter, { projection }).toArray()) as unknown as T[];
  const [inbound, outbound, conversations, people, feedback, optOuts, files, chunks] = await Promise.all([
    all<InboundRow>('messages', { direction: 'in' }),
    all<OutboundRow>('messages', { direction: 'out' }),
    all<Conversation>('conversations'),
    all<Person>('people'),
    all<Feedback>('feedback'),
    all<OptOut>('optouts'),
    all<World['files'][number]>('media.files'),
    all<World['chunks'][number]>('media.chunks', {}, { files_id: 1, n: 1 }),
  ]);
  return { ...seen, database, inbound, outbound, conversations, people, feedback, optOuts, files, chunks };
}
