import { ActionTypes, ActivityTypes, type CardAction } from 'botbuilder';
import type { SaidChoice } from '../../dialogs/events.ts';
import type { Catalogue } from '../../languages/catalogue.ts';
import type { ShuniChannelData } from '../adapter.ts';
import { DEFAULT_LANGUAGE } from '../work.ts';
import type { Applier } from './applier.ts';

/** `said`: renders a catalogue text in the language of the conversation and sends it through botbuilder. */
export const said: Applier<'said'> = async (event, work, context, { catalogue }) => {
  const language = work.language ?? DEFAULT_LANGUAGE;
  const short = work.channel.policy.short;
  const actions = event.choices?.map((choice) => toAction(choice, language, short, catalogue));
  const channelData: ShuniChannelData = { key: event.key, purpose: event.purpose };
  await context.sendActivity({
    type: ActivityTypes.Message,
    text: catalogue.say(language, event.key, event.params ?? {}, { short }),
    locale: language,
    channelData,
    ...(actions && { suggestedActions: { actions, to: [] } }),
  });
};

function toAction(choice: SaidChoice, language: string, short: boolean, catalogue: Catalogue): CardAction {
  const title = 'name' in choice.title ? choice.title.name : catalogue.say(language, choice.title.key, {}, { short });
  return { type: ActionTypes.ImBack, title, value: choice.id };
}
