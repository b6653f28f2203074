import type { Conversation } from '../../../models/conversations.ts';
import type { Escalation } from '../../../models/escalations.ts';
import { readArguments } from './arguments.ts';
import type { AdminCommand, AdminContext, ExitCode } from './command.ts';

/** As many as anybody can look through; more than that is told. */
const LIMIT = 1000;

/** `waiting`: the conversations a person must look at. */
export const waiting: AdminCommand = {
  name: 'waiting',
  summary: 'list the conversations in which a person is awaited or present',
  usage: `
Usage: npm run admin -- waiting [--json]

One line each: conversation, whether a person is awaited or present, most urgent open reason, since when, channel, language.
Most urgent first. When somebody has seen to one, \`hand-back CONVERSATION_ID\` lets the bot go on.
`,
  plan(args) {
    const { values } = readArguments(args, { json: { type: 'boolean' } } as const);
    return (context) => run(context, values.json === true);
  },
};

interface Waiting {
  conversation: string;
  holder: string;
  urgency: string;
  reason: string;
  since: string;
  channel: string;
  language: string;
}

async function run({ database, out, err }: AdminContext, json: boolean): Promise<ExitCode> {
  const conversations = await database.conversations.withPeople(LIMIT);
  const rows: Waiting[] = [];
  for (const conversation of conversations) {
    const open = await database.escalations.model
      .find({ conversationId: conversation._id, state: { $ne: 'resolved' } })
      .lean<Escalation[]>();
    rows.push(toRow(conversation, open.toSorted(byUrgency)[0]));
  }
  rows.sort((a, b) => rank(a.urgency) - rank(b.urgency) || a.since.localeCompare(b.since));
  for (const row of rows) out.write(`${json ? JSON.stringify(row) : Object.values(row).join('\t')}\n`);
  if (rows.length === 0) err.write('Nobody is waiting.\n');
  if (rows.length === LIMIT) err.write(`There may be more than these ${LIMIT}.\n`);
  return 0;
}

function toRow(conversation: Conversation, worst: Escalation | undefined): Waiting {
  const { _id, holder, channel, language = '-', lastInboundAt, createdAt } = conversation;
  const { urgency = '-', reason = '-', raisedAt } = worst ?? {};
  const since = (raisedAt ?? lastInboundAt ?? createdAt).toISOString();
  return { conversation: _id, holder, urgency, reason, since, channel, language };
}

const URGENCY = ['P0', 'P1', 'U', 'P2'];

function rank(urgency: string): number {
  const place = URGENCY.indexOf(urgency);
  return place < 0 ? URGENCY.length : place;
}

function byUrgency(a: Escalation, b: Escalation): number {
  return rank(a.urgency) - rank(b.urgency) || a.raisedAt.getTime() - b.raisedAt.getTime();
}
