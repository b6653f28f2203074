import type { Database } from '../../../../models/database.ts';
import type { Feedback } from '../../../../models/feedback.ts';

/** When somebody may have been at risk: by message, and by conversation. */
export interface RiskTimes {
  messages: ReadonlySet<string>;
  conversations: ReadonlyMap<string, readonly number[]>;
}

/** Reasons for an escalation that say nothing about risk. */
const ORDINARY: readonly string[] = ['person-requested'];

/** Reads what was escalated for risk; a few in a thousand conversations. */
export async function riskTimes(database: Database): Promise<RiskTimes> {
  const messages = new Set<string>();
  const conversations = new Map<string, number[]>();
  for await (const escalation of database.escalations.model
    .find({ reason: { $nin: ORDINARY } })
    .lean()
    .cursor()) {
    const { messageId, conversationId, raisedAt } = escalation;
    messages.add(messageId);
    conversations.set(conversationId, [...(conversations.get(conversationId) ?? []), raisedAt.getTime()]);
  }
  return { messages, conversations };
}

/**
 * Whether the free text of an item stays out of exports (spec: safeguarding.md, access): an escalated message is part of it,
 * or one was escalated in its conversation while it was being told.
 */
export function withholdsText(item: Feedback, risks: RiskTimes): boolean {
  const told = [item.story, ...Object.values(item.answers)].flatMap((part) =>
    part && 'messageIds' in part ? part.messageIds : [],
  );
  if (told.some((id) => risks.messages.has(id))) return true;
  const times = item.conversationId === undefined ? [] : (risks.conversations.get(item.conversationId) ?? []);
  return times.some((at) => at >= item.receivedAt.getTime() && at <= item.updatedAt.getTime());
}
