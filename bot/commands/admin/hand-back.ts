import { readArguments } from './arguments.ts';
import { AdminProblem, BY, UsageError, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';

const LONGEST_NOTE = 500;

/** `hand-back`: a person has seen to a conversation; the bot goes on where it stopped. */
export const handBack: AdminCommand = {
  name: 'hand-back',
  summary: 'give a conversation back to the bot, resolving what was open in it',
  usage: `
Usage: npm run admin -- hand-back CONVERSATION_ID [--note TEXT]

The bot goes on at the question where it stopped when the resident writes next. Every open escalation of the conversation
is resolved. The audit trail keeps that it was done and the note: write no names or numbers into it.
`,
  plan(args) {
    const { values, positionals } = readArguments(args, { note: { type: 'string' } } as const, ['CONVERSATION_ID']);
    const [id = ''] = positionals;
    if ((values.note ?? '').length > LONGEST_NOTE)
      throw new UsageError(`--note may be ${LONGEST_NOTE} characters long.`);
    return (context) => run(context, id, values.note);
  },
};

async function run(context: AdminContext, id: string, note: string | undefined): Promise<ExitCode> {
  const { database, now } = context;
  if (!(await database.conversations.get(id)))
    throw new AdminProblem('There is no such conversation; `waiting` lists them.');
  const open = { conversationId: id, state: { $ne: 'resolved' as const } };
  // The holder first: cut off in between, an open escalation is still seen; a silent bot without one would not be.
  const changed = await database.conversations.setHolder(id, ['waiting', 'staff'], 'bot');
  const resolved = await database.escalations.model.countDocuments(open);
  if (!changed && resolved === 0)
    throw new AdminProblem('The bot holds this conversation already, and nothing is open in it.');
  await database.escalations.resolveOfConversation(id);
  const detail = note === undefined ? {} : { detail: note };
  await database.audit.append({ at: now(), by: BY, action: 'handed-back', subject: id, ...detail });
  context.out.write(`handed back; resolved ${resolved}\n`);
  return 0;
}
