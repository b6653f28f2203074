import type { Middleware, TurnContext } from 'botbuilder';
import { detectLanguage } from '../../languages/detect.ts';
import { workOf } from '../work.ts';

/** Guesses what language was written; the dialog decides what follows from it. */
export const language: Middleware = {
  async onTurn(context: TurnContext, next: () => Promise<void>): Promise<void> {
    const work = workOf(context);
    if (work.message) work.guess = detectLanguage(work.message.text);
    await next();
  },
};
