import type { Connection, Model } from 'mongoose';
import { type MessageRow, messageSchema } from './schema.ts';

/** The one mongoose model over the `messages` collection, whichever of its query files asks first. */
export function messageModel(connection: Connection): Model<MessageRow> {
  const existing = connection.models['Message'] as Model<MessageRow> | undefined;
  return existing ?? (connection.model('Message', messageSchema) as unknown as Model<MessageRow>);
}
