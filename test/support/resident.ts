import type { TwilioDouble } from './twilio-double/double.ts';
import type { Delivery, InboundPost } from './twilio-double/inbound.ts';
import type { LedgerMessage } from './twilio-double/ledger.ts';
import { until } from './until.ts';

/** An invented resident with a phone, talking to the service through the double of Twilio. */
export class Resident {
  readonly transcript: string[] = [];
  readonly from: string;
  private readonly double: TwilioDouble;
  private readonly to: string;
  private readonly settled: (() => Promise<void>) | undefined;
  private seen = 0;

  /** @param settled resolves when the service has nothing left to do; without it, the first answer counts as all of it */
  constructor(double: TwilioDouble, from: string, to: string, settled?: () => Promise<void>) {
    this.double = double;
    this.from = from;
    this.to = to;
    this.settled = settled;
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

  /** Writes and waits for what comes of it; returns the new texts. */
  async say(body: string, post: Partial<InboundPost> = {}): Promise<string[]> {
    const { answers } = await this.write(body, post);
    if (answers.at(-1) !== 200) throw new Error(`The service answered ${answers.join(', ')}.`);
    if (this.settled) await this.settled();
    else await until(() => this.received.length > this.seen, 15_000);
    return this.news();
  }

  /** Presses the nth button or row (from 1) of the newest message that shows any. */
  async press(nth: number): Promise<string[]> {
    const shown = this.received.findLast((message) => message.choices.length > 0);
    const id = shown?.choices[nth - 1];
    if (id === undefined) throw new Error(`There is no choice ${nth} to press.`);
    const title = shown?.titles[nth - 1] ?? id;
    return this.say(title, { choice: { id, title } });
  }

  /** What arrived since last asked. */
  news(): string[] {
    const texts = this.received.slice(this.seen).map(shownText);
    this.seen = this.received.length;
    this.transcript.push(...texts);
    return texts;
  }
}

/** A message as a phone shows it: the text, then its buttons or rows. */
function shownText(message: LedgerMessage): string {
  return [message.body, ...message.titles.map((title) => `[ ${title} ]`)].join('\n');
}
