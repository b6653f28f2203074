import { createHash } from 'node:crypto';

/** A message that the double took as Twilio would. */
export interface LedgerMessage {
  sid: string;
  /** Our message id, from the status callback's address. */
  ref: string;
  to: string;
  from: string;
  body: string;
  contentSid?: string;
  contentVariables?: Record<string, string>;
  /** Ids of buttons or rows that were shown, in order. */
  choices: string[];
  /** What stood on them. */
  titles: string[];
  statusCallback?: string;
  createdAt: Date;
  statuses: string[];
}

export interface ContentResource {
  sid: string;
  friendlyName: string;
  types: Record<
    string,
    { body: string; actions?: { id: string; title: string }[]; items?: { id: string; item: string }[] }
  >;
}

/** Everything the double has accepted. */
export class Ledger {
  readonly messages: LedgerMessage[] = [];
  readonly contents = new Map<string, ContentResource>();
  readonly media = new Map<string, { body: Buffer; contentType: string; removed: boolean; gets: number }>();
  private made = 0;

  /** How often a message of ours was accepted: more than once is a resident who got it twice. */
  countByRef(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { ref } of this.messages) counts[ref] = (counts[ref] ?? 0) + 1;
    return counts;
  }

  byRef(ref: string): LedgerMessage[] {
    return this.messages.filter((message) => message.ref === ref);
  }

  /** A sid as Twilio makes them, the same in every run. */
  sid(prefix: string): string {
    this.made += 1;
    return prefix + createHash('md5').update(`${prefix}${this.made}`).digest('hex');
  }
}
