import type { Conversation } from '../../../models/conversations.ts';
import type { Database } from '../../../models/database.ts';
import type { DialogState } from '../../../dialogs/turn.ts';
import type { InboundRow } from '../../../models/messages/schema.ts';
import { isAccepted, type Letter, type Posted, type PostOffice } from '../post-office.ts';
import type { Random } from '../random.ts';
import { SMS_SENDER, WHATSAPP_SENDER } from '../settings.ts';
import { eventually, pause } from '../waiting.ts';
import { answerTo, type Said } from './answers.ts';
import { drawAttachment } from './attachments.ts';
import type { Profile } from './profile.ts';
import { WORDS } from './words.ts';

/** What a resident saw happen, for the checks at the end. */
export interface Memory {
  profile: Profile;
  /** Experiences told to the end. */
  completed: { conversationId: string; experience: number }[];
  /** STOP and START, with the moment at which we knew that they stood recorded. */
  optOuts: { action: 'out' | 'in'; messageId: string; knownAt: Date }[];
  /** The moment at which we knew that consent was refused, or that everything was to be erased. */
  forgotten: { messageId: string; knownAt: Date }[];
}

/** As long as a lease of a killed worker lasts (15 s), and what comes before it in the queue. */
const PATIENCE_MS = 60_000;

/** An invented resident who writes until the run ends: in bursts, or waiting for the answer. */
export class Resident {
  readonly memory: Memory;
  private readonly profile: Profile;
  private readonly database: Database;
  private readonly office: PostOffice;
  private readonly random: Random;
  private readonly over: AbortSignal;
  private last: Posted | undefined;
  private written = 0;

  constructor(profile: Profile, parts: { database: Database; office: PostOffice; random: Random; over: AbortSignal }) {
    this.profile = profile;
    this.database = parts.database;
    this.office = parts.office;
    this.random = parts.random;
    this.over = parts.over;
    this.memory = { profile, completed: [], optOuts: [], forgotten: [] };
  }

  /** Resolves when the run is over. Rejects when the database of the run cannot be read. */
  async live(): Promise<void> {
    await pause(this.random.between(0, 3000), this.over);
    while (!this.over.aborted) {
      await this.act();
      await pause(this.random.between(100, 900), this.over);
    }
  }

  private async act(): Promise<void> {
    const { state, conversationId } = await this.look();
    if (state?.ended && state.started) this.remember(conversationId, state.experience);
    if (this.profile.manner === 'stops' && this.random.chance(0.12)) await this.stopAndStart();
    else if (this.mayErase(state)) await this.erase();
    else await this.answer(state);
  }

  private async answer(state: DialogState | undefined): Promise<void> {
    const asked = state?.consent === 'declined' ? undefined : state?.asked;
    const said = asked ? answerTo(asked, this.profile, this.random) : 'story';
    if (said === 'story') return this.tell();
    const posted = await this.say(said);
    if (said.refuses) await this.forgotten(posted);
    else if (this.random.chance(0.8)) await this.handled(posted);
  }

  /** One to four messages in a burst, some with something attached; then a look at what is answered, or not. */
  private async tell(): Promise<void> {
    const letters = Array.from({ length: this.random.chance(0.6) ? 1 : 2 + this.random.below(3) }, () => this.story());
    const sent: Promise<Posted>[] = [];
    for (const letter of letters) {
      sent.push(this.post(letter));
      // In a hurry the next one is on its way before this one has arrived.
      if (this.random.chance(0.7)) await sent.at(-1);
      else await pause(40);
    }
    const posted = (await Promise.all(sent)).at(-1);
    if (posted && this.random.chance(0.85)) await this.handled(posted);
  }

  private story(): Letter {
    const { language, index } = this.profile;
    const mark = `#zq${index}x${(this.written++).toString(36)}q`;
    const attached = this.random.chance(0.15) ? [drawAttachment(this.random)] : [];
    return {
      ...this.envelope(),
      body: `${this.random.pick(WORDS[language].stories)} ${mark}`,
      story: true,
      attachments: attached,
    };
  }

  private async stopAndStart(): Promise<void> {
    const { stop, start } = WORDS[this.profile.language];
    await this.optOut('out', stop);
    if (this.random.chance(0.5)) await this.tell();
    await this.optOut('in', start);
  }

  private async optOut(action: 'out' | 'in', body: string): Promise<void> {
    const twilio = this.profile.channel === 'sms' && this.random.chance(0.5);
    const extra = twilio ? { optOutType: action === 'out' ? ('STOP' as const) : ('START' as const) } : {};
    const posted = await this.post({ ...this.envelope(), body, ...extra });
    const row = await this.handled(posted);
    if (row) this.memory.optOuts.push({ action, messageId: row._id, knownAt: new Date() });
  }

  private mayErase(state: DialogState | undefined): boolean {
    return this.profile.manner === 'erases' && state?.started === true && this.random.chance(0.15);
  }

  private async erase(): Promise<void> {
    const { erase, yes } = WORDS[this.profile.language];
    if (!(await this.handled(await this.post({ ...this.envelope(), body: erase })))) return;
    if ((await this.look()).state?.asked?.question !== 'delete') return;
    await this.forgotten(await this.post({ ...this.envelope(), body: yes }));
  }

  private async forgotten(posted: Posted): Promise<void> {
    const row = await this.handled(posted);
    if (row) this.memory.forgotten.push({ messageId: row._id, knownAt: new Date() });
  }

  private async say(said: Said): Promise<Posted> {
    const { channel } = this.profile;
    const pressed = channel === 'whatsapp' && said.choice !== undefined && this.random.chance(0.8);
    return this.post({
      ...this.envelope(),
      ...(pressed ? { choice: { id: said.choice ?? '', title: said.text } } : { body: said.text }),
    });
  }

  private envelope(): Pick<Letter, 'from' | 'to'> {
    const { channel, number } = this.profile;
    if (channel === 'sms') return { from: number, to: SMS_SENDER };
    return { from: `whatsapp:${number}`, to: `whatsapp:${WHATSAPP_SENDER}` };
  }

  private async post(letter: Letter): Promise<Posted> {
    const posted = await this.office.post(this.profile.index, letter);
    if (isAccepted(posted)) this.last = posted;
    return posted;
  }

  /** Waits until the message's turn was taken; undefined when nobody took the message, or the run is over. */
  private async handled(posted: Posted): Promise<InboundRow | undefined> {
    if (!isAccepted(posted)) return undefined;
    const look = async (): Promise<InboundRow | undefined> => {
      const row = await this.database.inbound.get(posted.messageId);
      return row?.state === 'handled' ? row : undefined;
    };
    return eventually(look, PATIENCE_MS, this.over, 250);
  }

  private async look(): Promise<{ conversationId: string; state?: DialogState }> {
    const row = this.last && (await this.database.inbound.get(this.last.messageId));
    // Whoever was erased is a stranger again, and their row knows no conversation.
    const conversationId = row?.conversationId ?? '';
    const conversation: Conversation | null = await this.database.conversations.get(conversationId);
    const state = (conversation?.state ?? null) as DialogState | null;
    return { conversationId, ...(state && { state }) };
  }

  private remember(conversationId: string, experience: number): void {
    const known = this.memory.completed.some(
      (each) => each.conversationId === conversationId && each.experience === experience,
    );
    if (!known) this.memory.completed.push({ conversationId, experience });
  }
}
