import type { RawDatabase, RawDocument } from './raw.ts';

const DAY_MS = 86_400_000;

/**
 * What makes collections that are read one after the other, while the service writes, fit together again. The moment at
 * which conversations are read is the cut: what a turn wrote for a conversation that did not exist then is left out or put
 * back to "not taken yet", and because every write of a turn has an id that follows from its message, taking it again makes
 * it again. The order in which collections are read does the rest (docs/runbooks/backup-and-restore.md).
 */
export class Cut {
  readonly keys = new Set<string>();
  private readonly recent: number;
  private readonly conversations = new Set<unknown>();
  private readonly files = new Set<string>();
  private readonly open = new Map<unknown, RawDocument>();

  constructor(startedAt: Date) {
    this.recent = startedAt.getTime() - DAY_MS;
  }

  /** Remembers what waits for a person before conversations are read: an alarm that ends meanwhile stays in the copy. */
  async prepare(raw: RawDatabase): Promise<void> {
    const exact = { promoteValues: false, promoteLongs: false };
    const open = raw.collection('escalations').find({ state: { $ne: 'resolved' } }, exact);
    for await (const escalation of open) this.open.set(escalation._id, escalation);
  }

  /** The document as it belongs into the copy; null when it does not. */
  keep(collection: string, document: RawDocument): RawDocument | null {
    return this.rules[collection]?.(document) ?? (collection in this.rules ? null : document);
  }

  private readonly rules: Partial<Record<string, (document: RawDocument) => RawDocument | null>> = {
    conversations: (conversation) => {
      this.conversations.add(conversation._id);
      return without(conversation, 'lease');
    },
    escalations: (escalation) => this.open.get(escalation._id) ?? escalation,
    feedback: (item) => (this.isAfter(item, item['receivedAt']) ? null : item),
    messages: (message) => {
      if (message['direction'] === 'out') return this.isAfter(message, message['createdAt']) ? null : message;
      return this.isAfter(message, message['receivedAt']) ? untaken(message) : message;
    },
    people: (person) => {
      const addresses = person['addresses'] as { sealed?: { keyId?: string } }[] | undefined;
      for (const address of addresses ?? []) this.keys.add(address.sealed?.keyId ?? '');
      return person;
    },
    optouts: (line) => {
      this.keys.add(String(line['addressHash']).split('.')[0] ?? '');
      return line;
    },
    'media.files': (file) => {
      this.files.add(String(file._id));
      return file;
    },
    'media.chunks': (chunk) => (this.files.has(String(chunk['files_id'])) ? chunk : null),
  };

  /** Whether something recent belongs to a conversation that began after the cut. Old strays are for `verify`. */
  private isAfter(document: RawDocument, at: unknown): boolean {
    const id = document['conversationId'];
    return id !== undefined && !this.conversations.has(id) && at instanceof Date && at.getTime() >= this.recent;
  }
}

/** The order of reading: what refers is read before what it refers to, so that nothing refers to what came too late. */
const ORDER = [
  'conversations',
  'escalations',
  'feedback',
  'messages',
  'people',
  'optouts',
  'media.files',
  'media.chunks',
];

/** Collections of ours are read whether or not they exist when the reading begins: the first picture may come meanwhile. */
export function readingOrder(names: readonly string[]): string[] {
  const last = ['audit'];
  const rest = names.filter((name) => !ORDER.includes(name) && !last.includes(name));
  return [...ORDER, ...rest, ...last];
}

/** A message in whose turn is still to be taken. */
function untaken(message: RawDocument): RawDocument {
  return { ...without(message, 'outcome'), state: 'received', queue: 'inbox' };
}

function without(document: RawDocument, field: string): RawDocument {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== field)) as RawDocument;
}
