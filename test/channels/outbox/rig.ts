import { createConnection, type Connection } from 'mongoose';
import { pino } from 'pino';
import type { Channel, ChannelPolicy, OutgoingMessage, SendOutcome } from '../../../channels/channel.ts';
import { createOutbox, type Outbox } from '../../../channels/outbox/outbox.ts';
import type { OutboxAlert, OutboxEvent, OutboxParts } from '../../../channels/outbox/parts.ts';
import { priorityOf } from '../../../channels/outbox/purposes.ts';
import { Conversations, type Conversation } from '../../../models/conversations.ts';
import { newId } from '../../../models/ids.ts';
import { Keyring } from '../../../models/keyring.ts';
import { Deliveries } from '../../../models/messages/deliveries.ts';
import { OutboundOverview } from '../../../models/messages/outbound-overview.ts';
import { OutboundMessages } from '../../../models/messages/outbound.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import { OptOuts } from '../../../models/optouts.ts';
import { createOrder } from '../../../models/order.ts';
import { People } from '../../../models/people.ts';
import { ParkedReceipts } from '../../../models/receipts.ts';

/** A Wednesday in winter, midday in London. */
export const NOON = new Date('2026-01-14T12:00:00Z');

export const SENDER = '+442079460100';

/** Timings for tests: what waits for real waits milliseconds; what is compared with the clock keeps its size. */
export const QUICK = { settleRetry: 5, sweep: 20, abortGrace: 20, drain: 500, sweepGrace: 0 };

/** A clock that stands until it is moved. */
export class Clock {
  private at = NOON.getTime();
  readonly now = (): Date => new Date(this.at);
  forward(ms: number): void {
    this.at += ms;
  }
  set(at: Date): void {
    this.at = at.getTime();
  }
}

type Script = (message: OutgoingMessage, signal: AbortSignal) => SendOutcome | Promise<SendOutcome>;

export interface FakeOptions {
  policy?: Partial<ChannelPolicy>;
  script?: Script;
  find?: Channel['find'];
}

/** A channel that takes everything, or what its script says, and remembers what it was given. */
export class FakeChannel implements Channel {
  readonly name: string;
  readonly policy: ChannelPolicy;
  readonly taken: OutgoingMessage[] = [];
  script: Script;
  find?: NonNullable<Channel['find']>;

  constructor(name: string, options: FakeOptions = {}) {
    this.name = name;
    this.policy = {
      windowHours: null,
      optOutConfirmedByProvider: false,
      short: false,
      perSecond: 2000,
      ...options.policy,
    };
    this.script = options.script ?? ((message) => ({ kind: 'accepted', providerId: `sid-${message.ref}` }));
    if (options.find) this.find = options.find;
  }

  get texts(): string[] {
    return this.taken.map(({ text }) => text);
  }

  parts(text: string): { text: string }[] {
    return [{ text }];
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    this.taken.push(message);
    return this.script(message, signal);
  }
}

/** A database of its own with everything an outbox needs. */
export class Rig {
  readonly connection: Connection;
  readonly clock = new Clock();
  readonly outbound: OutboundMessages;
  readonly deliveries: Deliveries;
  readonly overview: OutboundOverview;
  readonly parked: ParkedReceipts;
  readonly conversations: Conversations;
  readonly people: People;
  readonly optOuts: OptOuts;
  readonly order: () => number;
  readonly alerts: OutboxAlert[] = [];
  readonly events: OutboxEvent[] = [];
  readonly logged: string[] = [];
  private readonly outboxes: Outbox[] = [];

  private constructor(connection: Connection) {
    this.connection = connection;
    this.outbound = new OutboundMessages(connection);
    this.deliveries = new Deliveries(connection);
    this.overview = new OutboundOverview(connection);
    this.parked = new ParkedReceipts(connection);
    this.conversations = new Conversations(connection);
    this.people = new People(connection, new Keyring([{ id: 'k1', secret: Buffer.alloc(32, 7) }]));
    this.optOuts = new OptOuts(connection);
    this.order = createOrder(this.clock.now);
  }

  static async open(name: string): Promise<Rig> {
    const uri = process.env['TEST_DATABASE_URI'];
    if (!uri) throw new Error('TEST_DATABASE_URI names the database server for tests.');
    const dbName = `outbox_${name}_${String(process.pid)}`;
    const connection = await createConnection(uri, { dbName, autoIndex: false, autoCreate: false }).asPromise();
    const rig = new Rig(connection);
    for (const model of Object.values(connection.models)) await model.createIndexes();
    return rig;
  }

  async close(): Promise<void> {
    await Promise.all(this.outboxes.map((outbox) => outbox.stop()));
    await this.connection.dropDatabase();
    await this.connection.close();
  }

  /** An outbox like one process has. */
  outbox(channel: FakeChannel, parts: Partial<OutboxParts> = {}): Outbox {
    const log = pino({ level: 'trace' }, { write: (line: string) => void this.logged.push(line) });
    const outbox = createOutbox({
      outbound: this.outbound,
      deliveries: this.deliveries,
      parked: this.parked,
      conversations: this.conversations,
      people: this.people,
      optOuts: this.optOuts,
      channels: new Map([[channel.name, channel]]),
      owner: newId(),
      log,
      now: this.clock.now,
      random: () => 0.5,
      onAlert: (alert) => this.alerts.push(alert),
      onEvent: (event) => this.events.push(event),
      ...parts,
      timings: { ...QUICK, ...parts.timings },
    });
    this.outboxes.push(outbox);
    return outbox;
  }

  /** A new person with a conversation in which they wrote a minute ago. */
  async conversation(channel = 'sms', set: Partial<Conversation> = {}): Promise<Conversation> {
    const address = `+447700900${String(Math.floor(Math.random() * 1000)).padStart(3, '0')}`;
    const { personId, addressId } = await this.people.resolve(
      `${channel}-${newId()}`,
      `x${address}`,
      [],
      this.clock.now(),
    );
    const conversation: Conversation = {
      _id: newId(),
      personId,
      addressId,
      channel,
      sender: SENDER,
      holder: 'bot',
      state: null,
      version: 0,
      handled: [],
      lastInboundAt: new Date(this.clock.now().getTime() - 60_000),
      fence: 0,
      createdAt: this.clock.now(),
      ...set,
    };
    await this.conversations.model.collection.insertOne(conversation as never);
    return conversation;
  }

  /** A row as it is enqueued. */
  row(conversation: Conversation, set: Partial<OutboundRow> = {}): OutboundRow {
    const now = this.clock.now();
    const purpose = set.purpose ?? 'reply';
    return {
      _id: newId(),
      conversationId: conversation._id,
      personId: conversation.personId,
      addressId: conversation.addressId,
      channel: conversation.channel,
      sender: conversation.sender,
      direction: 'out',
      purpose,
      text: 'hello',
      order: this.order(),
      queue: 'outbox',
      state: 'queued',
      priority: priorityOf(purpose),
      attempts: 0,
      fence: 0,
      dueAt: now,
      createdAt: now,
      ...set,
    };
  }

  async enqueue(conversation: Conversation, ...sets: Partial<OutboundRow>[]): Promise<OutboundRow[]> {
    const rows = sets.map((set) => this.row(conversation, set));
    await this.outbound.enqueue(rows);
    return rows;
  }

  /** Enqueues one row and sees to it until nothing more happens. */
  async sendOne(outbox: Outbox, conversation: Conversation, set: Partial<OutboundRow> = {}): Promise<OutboundRow> {
    const [row] = await this.enqueue(conversation, set);
    outbox.wake(conversation._id);
    await outbox.idle();
    return this.stored(row?._id ?? '');
  }

  async stored(id: string): Promise<OutboundRow> {
    const row = await this.outbound.get(id);
    if (!row) throw new Error('no such row');
    return row;
  }
}

/** Waits until `check` holds; fails after ten seconds. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error('It never happened.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Everything that is due now, until nothing more happens. */
export async function settleDown(outbox: Outbox): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await outbox.sweep();
    await outbox.idle();
  }
}
