import {
  ActivityTypes,
  BotAdapter,
  TurnContext,
  type Activity,
  type ConversationReference,
  type ResourceResponse,
} from 'botbuilder';
import { deriveId } from '../models/ids.ts';
import type { OutboundRow } from '../models/messages/schema.ts';
import type { Choice, Purpose } from '../models/vocabulary.ts';
import { attachWork, workOf, type Work } from './work.ts';

/** What our activities carry beside the schema of the Bot Framework. */
export interface ShuniChannelData {
  key?: string;
  purpose: Purpose;
}

export interface AdapterParts {
  order: () => number;
  now: () => Date;
  priorityOf: (purpose: Purpose) => number;
  /** Finds what a proactive turn works on; null when the conversation is gone. */
  openWork: (conversationId: string) => Promise<Work | null>;
  /** Writes what a proactive turn has gathered. */
  finishWork: (work: Work) => Promise<void>;
}

type Logic = (context: TurnContext) => Promise<void>;

/** Name of the Bot Framework's hand-off event. */
const HANDOFF = 'handoff.initiate';

/**
 * Our botbuilder adapter. What is sent becomes rows of the outbox on the turn in progress: nothing leaves from here.
 * There is no HTTP endpoint, so nobody can post activities at us.
 */
export class ShuniAdapter extends BotAdapter {
  private readonly parts: AdapterParts;

  constructor(parts: AdapterParts) {
    super();
    this.parts = parts;
  }

  /** Runs one turn through the middleware and `logic`. */
  async run(work: Work, logic: Logic): Promise<void> {
    const context = new TurnContext(this, toActivity(work));
    attachWork(context, work);
    await this.runMiddleware(context, logic);
  }

  /** One ResourceResponse per activity, in order. Traces are dropped; typing shows nowhere yet. */
  override sendActivities(context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    const work = workOf(context);
    return Promise.resolve(activities.map((activity) => ({ id: this.send(work, activity) })));
  }

  override updateActivity(): Promise<never> {
    return Promise.reject(new Error('A sent message cannot be changed on any of our channels.'));
  }

  override deleteActivity(): Promise<never> {
    return Promise.reject(new Error('A sent message cannot be unsent on any of our channels.'));
  }

  /** Starts a turn from our side: reminders, replies to what changed. Does nothing when the conversation is gone. */
  override async continueConversation(reference: Partial<ConversationReference>, logic: Logic): Promise<void> {
    const work = await this.parts.openWork(reference.conversation?.id ?? '');
    if (!work) return;
    await this.run(work, logic);
    await this.parts.finishWork(work);
  }

  /** The newer form of the same; the app id means nothing without the Bot Framework's cloud. */
  override continueConversationAsync(
    _appId: unknown,
    reference: Partial<ConversationReference>,
    logicOrAudience: Logic | string,
    logic?: Logic,
  ): Promise<void> {
    const run = typeof logicOrAudience === 'function' ? logicOrAudience : logic;
    if (!run) return Promise.reject(new Error('continueConversationAsync needs a function to run.'));
    return this.continueConversation(reference, run);
  }

  private send(work: Work, activity: Partial<Activity>): string {
    if (activity.type === ActivityTypes.Message) return this.queue(work, activity);
    if (activity.type === ActivityTypes.Event && activity.name === HANDOFF) work.holder = 'waiting';
    if (activity.type === ActivityTypes.EndOfConversation) work.ended = true;
    return deriveId(work.causeId, activity.type ?? 'activity', work.rows.length);
  }

  private queue(work: Work, activity: Partial<Activity>): string {
    const choices = activity.suggestedActions?.actions.map((action): Choice => ({
      id: String(action.value),
      title: action.title,
    }));
    const rows = work.channel.parts(activity.text ?? '', choices).map((part) => this.toRow(work, activity, part));
    return rows.at(-1)?._id ?? '';
  }

  private toRow(work: Work, activity: Partial<Activity>, part: { text: string; choices?: Choice[] }): OutboundRow {
    const { key, purpose } = activity.channelData as ShuniChannelData;
    const now = this.parts.now();
    const row: OutboundRow = {
      _id: deriveId(work.causeId, 'out', work.rows.length),
      conversationId: work.conversation._id,
      personId: work.person._id,
      addressId: work.conversation.addressId,
      sender: work.conversation.sender,
      channel: work.conversation.channel,
      direction: 'out',
      purpose,
      ...(key && { key }),
      text: part.text,
      ...(part.choices && { choices: part.choices }),
      ...(work.language && { language: work.language }),
      ...(work.message && { answers: work.message._id, answersReceivedAt: work.message.receivedAt }),
      order: this.parts.order(),
      queue: 'outbox',
      state: 'queued',
      priority: this.parts.priorityOf(purpose),
      attempts: 0,
      fence: 0,
      dueAt: now,
      createdAt: now,
    };
    work.rows.push(row);
    return row;
  }
}

/** The inbound activity. Conversation and user are opaque ids; addresses never reach botbuilder. */
function toActivity(work: Work): Partial<Activity> {
  const { conversation, message } = work;
  return {
    type: message ? ActivityTypes.Message : ActivityTypes.Event,
    name: message ? 'message' : 'proactive',
    id: work.causeId,
    timestamp: work.at,
    channelId: conversation.channel,
    conversation: { id: conversation._id, isGroup: false, conversationType: 'personal', name: '' },
    from: { id: conversation.personId, name: '' },
    recipient: { id: 'shuni', name: 'Shuni' },
    text: message?.text ?? '',
    attachments: (message?.media ?? []).map((item) => ({ contentType: item.contentType, name: item.mediaId })),
    ...(work.language && { locale: work.language }),
    serviceUrl: '',
  };
}
