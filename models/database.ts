import { createConnection, type Connection } from 'mongoose';
import { Audit } from './audit.ts';
import { Conversations } from './conversations.ts';
import { Escalations } from './escalations.ts';
import { FeedbackItems } from './feedback.ts';
import type { Keyring } from './keyring.ts';
import { MediaFiles } from './media-files.ts';
import { Deliveries } from './messages/deliveries.ts';
import { ForgetMessages } from './messages/forget.ts';
import { InboundMessages } from './messages/inbound.ts';
import { OutboundOverview } from './messages/outbound-overview.ts';
import { OutboundMessages } from './messages/outbound.ts';
import { OptOuts } from './optouts.ts';
import { People } from './people.ts';
import { ParkedReceipts } from './receipts.ts';
import { Services } from './services.ts';
import { Settings } from './settings.ts';

/** Everything stored, by collection. */
export interface Database {
  connection: Connection;
  people: People;
  conversations: Conversations;
  inbound: InboundMessages;
  outbound: OutboundMessages;
  deliveries: Deliveries;
  overview: OutboundOverview;
  parked: ParkedReceipts;
  mediaFiles: MediaFiles;
  forget: ForgetMessages;
  optOuts: OptOuts;
  feedback: FeedbackItems;
  escalations: Escalations;
  services: Services;
  settings: Settings;
  audit: Audit;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  /** Builds what indexes are missing. */
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}

/** How long a command may wait for a database that is away before it fails: a webhook must be answered within 5 s. */
const AWAY_MS = 3000;

/** Database name when the URI names none. */
const DEFAULT_NAME = 'shuni';

/**
 * Connects and binds the collections. Connecting fails with a clear error; afterwards the driver reconnects by itself and
 * commands fail after AWAY_MS while the server is away.
 */
export async function openDatabase(
  uri: string,
  keyring: Keyring,
  options: { name?: string; poolSize?: number } = {},
): Promise<Database> {
  const name = options.name ?? (namesDatabase(uri) ? undefined : DEFAULT_NAME);
  const connection = await createConnection(uri, {
    ...(name && { dbName: name }),
    maxPoolSize: options.poolSize ?? 20,
    serverSelectionTimeoutMS: AWAY_MS,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    writeConcern: { w: 'majority', journal: true },
  }).asPromise();
  const database = {
    connection,
    people: new People(connection, keyring),
    conversations: new Conversations(connection),
    inbound: new InboundMessages(connection),
    outbound: new OutboundMessages(connection),
    deliveries: new Deliveries(connection),
    overview: new OutboundOverview(connection),
    parked: new ParkedReceipts(connection),
    mediaFiles: new MediaFiles(connection),
    forget: new ForgetMessages(connection),
    optOuts: new OptOuts(connection),
    feedback: new FeedbackItems(connection),
    escalations: new Escalations(connection),
    services: new Services(connection),
    settings: new Settings(connection),
    audit: new Audit(connection),
  };
  return {
    ...database,
    async ping() {
      await connection.getClient().db('admin').command({ ping: 1 });
    },
    ensureIndexes: () => ensureIndexes(connection),
    close: () => connection.close(),
  };
}

/** One command per collection: building them one by one takes a server that builds in the background much longer. */
async function ensureIndexes(connection: Connection): Promise<void> {
  await Promise.all(
    Object.values(connection.models).map(async (model) => {
      const indexes = model.schema.indexes().map(([key, options]) => ({ key, name: indexName(key), ...options }));
      if (indexes.length > 0) await connection.db?.command({ createIndexes: model.collection.name, indexes });
    }),
  );
}

/** Whether a connection string (one host or several, or an escaped socket path) names a database. */
function namesDatabase(uri: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/.test(uri);
}

/** The name drivers give an index: its fields and directions. */
function indexName(key: Record<string, unknown>): string {
  return Object.entries(key)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join('_');
}
