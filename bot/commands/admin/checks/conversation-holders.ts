import type { Conversation } from '../../../../models/conversations.ts';
import type { Escalation } from '../../../../models/escalations.ts';
import { age, HOUR_MS, MINUTE_MS, scan, type Check, type CheckContext, type Problem } from './check.ts';

/** Raising an escalation and silencing the bot are two writes; between them lies a moment, or a retry. */
const PATIENCE_MS = 10 * MINUTE_MS;

const HOLDERS: readonly string[] = ['bot', 'waiting', 'staff'];

/** Where a person is needed, the bot is silent and somebody is told. */
export const conversationHolders: Check = {
  name: 'conversation-holders',
  promise: 'the bot is silent exactly where an escalation is open, and no lease outlives its worker',
  async *run(context) {
    const open = await openEscalations(context);
    const fields = ['holder', 'lease', 'fence', 'version', 'lastInboundAt'] as const;
    for await (const conversation of scan<Conversation>(context, 'conversations', {}, fields)) {
      for (const what of wrong(conversation, open.get(conversation._id), context.now))
        yield { id: `conversations/${conversation._id}`, what } satisfies Problem;
    }
  },
};

/** When the oldest open escalation of each conversation was raised. */
async function openEscalations(context: CheckContext): Promise<Map<string, Date>> {
  const open = new Map<string, Date>();
  const filter = { state: { $ne: 'resolved' } };
  for await (const { conversationId, raisedAt } of scan<Escalation>(context, 'escalations', filter)) {
    const known = open.get(conversationId);
    if (!known || raisedAt < known) open.set(conversationId, raisedAt);
  }
  return open;
}

type Rule = [broken: (conversation: Conversation, raisedAt: Date | undefined, now: Date) => boolean, what: string];

const RULES: readonly Rule[] = [
  [({ holder }) => !HOLDERS.includes(holder), 'is held by nobody who exists'],
  [({ holder }, raisedAt) => holder !== 'bot' && !raisedAt, 'waits for a person, but no escalation tells anybody'],
  [
    ({ holder }, raisedAt, now) => holder === 'bot' && raisedAt !== undefined && age(now, raisedAt) > PATIENCE_MS,
    'has an open escalation, but the bot goes on',
  ],
  [({ fence }) => !Number.isInteger(fence) || fence < 0, 'has no fence: two workers could take its turns at once'],
  [
    ({ lease }, _raisedAt, now) => lease !== undefined && age(now, lease.until) > HOUR_MS,
    'has a lease that ran out over an hour ago',
  ],
];

function wrong(conversation: Conversation, raisedAt: Date | undefined, now: Date): string[] {
  return RULES.filter(([broken]) => broken(conversation, raisedAt, now)).map(([, what]) => what);
}
