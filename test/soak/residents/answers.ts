import type { Asked } from '../../../dialogs/turn.ts';
import type { Random } from '../random.ts';
import type { Profile } from './profile.ts';
import { inDigits, WORDS } from './words.ts';

/** How a resident answers a question. */
export interface Said {
  text: string;
  /** The button or row, where the channel has some. */
  choice?: string;
  /** It says no to keeping anything. */
  refuses?: boolean;
}

/** An answer to the question that stands; `story` when it asks for one, or when the resident tells on regardless. */
export function answerTo(asked: Asked, profile: Profile, random: Random): Said | 'story' {
  const words = WORDS[profile.language];
  const { question, choices } = asked;
  if (question === 'story' || random.chance(0.08)) return 'story';
  const own = OWN[question];
  if (own) return own(asked, profile, random);
  if (choices.length === 0) return { text: random.pick([...words.services, words.skip]) };
  return random.chance(0.1) ? { text: words.skip } : chosen(asked, random.pick(choices), profile);
}

/** Questions that are not answered by any choice as well as by another. */
const OWN: Readonly<Record<string, (asked: Asked, profile: Profile, random: Random) => Said | 'story'>> = {
  consent: (_asked, profile) => consent(profile),
  language: (asked, profile) => chosen(asked, `language:${profile.language}`, profile),
  better: (_asked, { language }, random) => ({ text: random.pick(WORDS[language].better) }),
  else: (asked, profile, random) => (random.chance(0.5) ? chosen(asked, 'else:no', profile) : 'story'),
  delete: (asked, profile) => chosen(asked, 'delete:no', profile),
};

function consent({ manner, language }: Profile): Said {
  const { yes, no } = WORDS[language];
  if (manner === 'declines') return { text: no, choice: 'consent:no', refuses: true };
  return { text: yes, choice: 'consent:yes' };
}

/** A choice by its button, or by its number as shown, in the digits of the language. */
function chosen({ choices }: Asked, choice: string, { language }: Profile): Said {
  const place = choices.indexOf(choice);
  return { text: inDigits(Math.max(0, place) + 1, language), choice };
}
