import type { TwilioDouble } from '../support/twilio-double/double.ts';
import {
  deliverInbound,
  type Delivery,
  type InboundPost,
  type InboundTarget,
} from '../support/twilio-double/inbound.ts';
import { deriveId } from '../../models/ids.ts';
import type { Attachment } from './residents/attachments.ts';
import type { Random } from './random.ts';
import { ACCOUNT_SID, AUTH_TOKEN, PUBLIC_URL } from './settings.ts';
import { pause } from './waiting.ts';

/** A message that was handed to us for delivery, and what our service said to it. */
export interface Posted {
  sid: string;
  /** The id of its row. */
  messageId: string;
  resident: number;
  channel: 'sms' | 'whatsapp';
  text: string;
  /** Tells something: its words may not get lost. */
  story: boolean;
  attachments: (Attachment & { mediaSid: string })[];
  at: Date;
  /** One per delivery and try. */
  answers: number[];
  /** Deliveries under this sid, tries of one not counted. */
  deliveries: number;
}

export interface Letter extends InboundPost {
  attachments?: Attachment[];
  story?: boolean;
}

/** What of all deliveries is made twice at once to two processes, and what again some time later. */
const AT_ONCE = 0.05;
const LATER = 0.12;
const RETRY_MS = 400;

/** Delivers what residents write, as Twilio does: signed, with retries, sometimes twice; keeps every answer. */
export class PostOffice {
  readonly posted: Posted[] = [];
  private readonly double: TwilioDouble;
  private readonly random: Random;
  private readonly front: string;
  private readonly urls: () => readonly string[];
  private readonly closing: AbortSignal;
  private readonly underWay = new Set<Promise<void>>();

  /** @param urls of the processes that are up @param closing when aborted, nothing is delivered again any more */
  constructor(
    double: TwilioDouble,
    front: string,
    urls: () => readonly string[],
    random: Random,
    closing: AbortSignal,
  ) {
    this.double = double;
    this.front = front;
    this.urls = urls;
    this.random = random;
    this.closing = closing;
  }

  /** Delivers a message. The answer says whether our service took it; what it did not take the resident may write anew. */
  async post(resident: number, letter: Letter): Promise<Posted> {
    const posted = this.register(resident, letter);
    const both = this.random.chance(AT_ONCE) ? this.urls() : [];
    const [one = this.front, other] = both;
    const first = this.deliver(posted, letter, one);
    await Promise.all([first, other === undefined ? undefined : this.again(posted, letter, other)]);
    if (this.random.chance(LATER)) this.keep(this.later(posted, letter));
    return posted;
  }

  /** Resolves when nothing is being delivered. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private register(resident: number, letter: Letter): Posted {
    const channel = letter.from.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
    const sid = this.double.ledger.sid((letter.attachments?.length ?? 0) > 0 ? 'MM' : 'SM');
    const posted: Posted = {
      sid,
      messageId: deriveId(channel, sid),
      resident,
      channel,
      text: letter.body ?? '',
      story: letter.story ?? false,
      attachments: [],
      at: new Date(),
      answers: [],
      deliveries: 0,
    };
    this.posted.push(posted);
    return posted;
  }

  /** The first delivery; what is attached gets its ids at the provider with it. */
  private async deliver(posted: Posted, letter: Letter, url: string): Promise<void> {
    const { attachments = [], ...post } = letter;
    const media = attachments.map(({ declared, body }) => ({ contentType: declared, body }));
    const delivery = this.send({ ...post, media, sid: posted.sid }, url);
    const mediaSids = [...this.double.ledger.media.keys()].filter((key) => key.startsWith(`${posted.sid}/`));
    posted.attachments = attachments.map((each, i) => ({ ...each, mediaSid: mediaSids[i]?.split('/')[1] ?? '' }));
    this.note(posted, await delivery);
  }

  /** The same message once more: the same sid, the same addresses of what is attached. */
  private async again(posted: Posted, letter: Letter, url: string): Promise<void> {
    const extra: Record<string, string> = { NumMedia: String(posted.attachments.length) };
    posted.attachments.forEach(({ declared, mediaSid }, i) => {
      extra[`MediaContentType${i}`] = declared;
      extra[`MediaUrl${i}`] =
        `${this.double.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${posted.sid}/Media/${mediaSid}`;
    });
    this.note(posted, await this.send({ ...letter, sid: posted.sid, extra }, url));
  }

  private async later(posted: Posted, letter: Letter): Promise<void> {
    await pause(this.random.between(200, 6000), this.closing);
    if (!this.closing.aborted) await this.again(posted, letter, this.front);
  }

  private send(post: InboundPost, url: string): Promise<Delivery> {
    const target: InboundTarget = {
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      publicUrl: PUBLIC_URL,
      deliverTo: url,
      origin: this.double.url,
      ledger: this.double.ledger,
      retryDelayMs: RETRY_MS,
    };
    return deliverInbound(target, post);
  }

  private note(posted: Posted, { answers }: Delivery): void {
    posted.answers.push(...answers);
    posted.deliveries++;
  }

  private keep(work: Promise<void>): void {
    const kept = work.finally(() => this.underWay.delete(kept));
    this.underWay.add(kept);
  }
}

/** Whether our service said that it has the message. */
export function isAccepted(posted: Posted): boolean {
  return posted.answers.includes(200);
}
