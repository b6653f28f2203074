import type { Random } from '../random.ts';
import { LANGUAGES, type SpokenLanguage } from './words.ts';

/** What kind of conversation a resident has. */
export type Manner =
  /** Tells to the end, and then tells another experience. */
  | 'tells'
  /** The same, but says STOP on the way, writes on, and says START. */
  | 'stops'
  /** Does not agree that anything is kept, after having sent something. */
  | 'declines'
  /** Has everything erased, and writes again. */
  | 'erases';

/** An invented resident. */
export interface Profile {
  index: number;
  channel: 'sms' | 'whatsapp';
  /** From the range that Ofcom keeps free for drama, 07700 900000 to 900999. */
  number: string;
  language: SpokenLanguage;
  manner: Manner;
}

/** Draws residents, all of different numbers. At most 1000. */
export function drawProfiles(count: number, random: Random): Profile[] {
  return Array.from({ length: Math.min(count, 1000) }, (_unused, index) => ({
    index,
    channel: random.chance(0.5) ? 'sms' : 'whatsapp',
    number: `+447700${900_000 + index}`,
    language: random.pick(LANGUAGES),
    manner: drawManner(index, random),
  }));
}

/** The rarer manners have one resident at least, however few there are. */
function drawManner(index: number, random: Random): Manner {
  if (index === 1) return 'stops';
  if (index === 2) return 'declines';
  if (index === 3) return 'erases';
  const draw = random();
  if (draw < 0.7) return 'tells';
  if (draw < 0.86) return 'stops';
  return draw < 0.93 ? 'declines' : 'erases';
}
