import type { Middleware, TurnContext } from 'botbuilder';
import { matchCommand } from '../../languages/commands.ts';
import { workOf, type Work } from '../work.ts';

/** While a person holds the conversation or is awaited, the bot does not answer. STOP and START still count. */
export const handOff: Middleware = {
  async onTurn(context: TurnContext, next: () => Promise<void>): Promise<void> {
    const work = workOf(context);
    if (!work.message || work.conversation.holder === 'bot' || isOptOut(work)) return next();
    work.outcome = 'held-for-person';
  },
};

function isOptOut(work: Work): boolean {
  if (work.message?.optOut) return true;
  const word = matchCommand(work.message?.text ?? '')?.command;
  return word === 'stop' || word === 'start';
}
