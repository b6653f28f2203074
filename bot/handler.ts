import { ActivityHandler, type TurnContext } from 'botbuilder';
import type { DialogTurn, DialogWorld, Handle } from '../dialogs/turn.ts';
import type { InboundRow } from '../models/messages/schema.ts';
import { applyEvents } from './appliers/registry.ts';
import type { ApplierParts } from './appliers/applier.ts';
import { referenceCode } from './feedback-of.ts';
import { workOf, type Work } from './work.ts';

export interface HandlerParts extends ApplierParts {
  handle: Handle;
  world: () => Omit<DialogWorld, 'reference'>;
}

/** The bot proper: gives the message to the dialog and carries out what comes back. */
export class ShuniHandler extends ActivityHandler {
  constructor(parts: HandlerParts) {
    super();
    this.onMessage(async (context, next) => {
      await takeTurn(context, parts);
      await next();
    });
  }
}

async function takeTurn(context: TurnContext, parts: HandlerParts): Promise<void> {
  const work = workOf(context);
  if (!work.message || !work.guess) throw new Error('A message turn needs its message and the language middleware.');
  const reference = (experience: number): string => referenceCode(work.conversation._id, experience);
  const { state, events } = parts.handle(work.state, toTurn(work, work.message), { ...parts.world(), reference });
  work.state = state;
  work.outcome = outcomeOf(
    work,
    events.some((event) => event.type === 'said'),
  );
  await applyEvents(events, work, context, parts);
  // Without consent nothing that was written stays, now or later.
  if (state.consent === 'declined') work.writes.push(() => emptyConversation(work, parts));
}

async function emptyConversation({ conversation, at }: Work, { database }: HandlerParts): Promise<void> {
  const { mediaFiles, forget } = database;
  await mediaFiles.remove(await forget.emptyMedia({ conversationId: conversation._id }, at));
  await forget.emptyInbound(conversation._id);
}

function outcomeOf(work: Work, spoke: boolean): Work['outcome'] {
  if (spoke) return 'replied';
  return work.person.optedOutAt || work.state?.consent === 'declined' ? 'kept-silently' : 'added-to-story';
}

function toTurn(work: Work, message: InboundRow): DialogTurn {
  return {
    messageId: message._id,
    at: message.receivedAt.getTime(),
    channel: message.channel,
    short: work.channel.policy.short,
    text: message.text,
    ...(message.choice !== undefined && { choice: message.choice }),
    media: message.media.map((item) => item.kind),
    guess: work.guess ?? { language: 'und', script: 'Zyyy', confidence: 0, candidates: [] },
    ...(message.optOut && { providerOptOut: message.optOut }),
    optOutConfirmedByProvider: work.channel.policy.optOutConfirmedByProvider,
    optedOut: work.person.optedOutAt !== undefined,
  };
}
