import type { TwilioDouble } from './twilio-double/double.ts';
import type { Delivery, InboundPost } from './twilio-double/inbound.ts';
import type { LedgerMessage } from './twilio-double/ledger.ts';
import { until } from './until.ts';

/** An invented resident with a phone, talking to the service through the double of Twilio. */
export class Resident {
  readonly transcript: string[] = [];
  private readonly double: TwilioDouble;
  private readonly from: string;
  private readonly to: string;
  private seen = 0;

  constructor(double: TwilioDouble, from: string, to: string) {
    this.double = double;
    this.from = from;
    this.to = to;
  }

  /** What has reached this phone so far, in order. */
  get received(): LedgerMessage[] {
    return this.double.ledger.messages.filter((message) => message.to === this.from && message.from === this.to);
  }

  /** Writes without waiting for an answer. */
  async write(body: string, post: Partial<InboundPost> = {}): Promise<Delivery> {
    this.transcript.push(`> ${body}${post.media ? ` [${post.media.map((item) => item.contentType).join(', ')}]` : ''}`);
    return this.double.deliver({ from: this.from, to: this.to, body, ...post });
  }

  /** Writes and waits until something new has arrived and nothing is still on its way; returns the new texts. */
  async say(body: string, post: Partial<InboundPost> = {}): Promise<string[]> {
    const { answers } = await this.write(body, post);
    if (answers.at(-1) !== 200) throw new Error(`The service answered ${answers.join(', ')}.`);
    await until(() => this.received.length > this.seen, 15_000);
    return this.news();
  }

  /** What arrived since last asked. */
  news(): string[] {
    const texts = this.received.slice(this.seen).map(shown);
    this.seen = this.received.length;
    this.transcript.push(...texts);
    return texts;
  }
}

/** A message as a phone shows it: the text, then its buttons. Interactive messages carry both in their variables. */
function shown(message: LedgerMessage): string {
  if (message.body) return message.body;
  return Object.values(message.contentVariables ?? {}).join(' | ');
}
