import ara from './commands/ara.json' with { type: 'json' };
import ben from './commands/ben.json' with { type: 'json' };
import bul from './commands/bul.json' with { type: 'json' };
import cym from './commands/cym.json' with { type: 'json' };
import deu from './commands/deu.json' with { type: 'json' };
import eng from './commands/eng.json' with { type: 'json' };
import fas from './commands/fas.json' with { type: 'json' };
import fra from './commands/fra.json' with { type: 'json' };
import guj from './commands/guj.json' with { type: 'json' };
import hin from './commands/hin.json' with { type: 'json' };
import ita from './commands/ita.json' with { type: 'json' };
import lit from './commands/lit.json' with { type: 'json' };
import pan from './commands/pan.json' with { type: 'json' };
import pol from './commands/pol.json' with { type: 'json' };
import por from './commands/por.json' with { type: 'json' };
import ron from './commands/ron.json' with { type: 'json' };
import rus from './commands/rus.json' with { type: 'json' };
import som from './commands/som.json' with { type: 'json' };
import spa from './commands/spa.json' with { type: 'json' };
import swa from './commands/swa.json' with { type: 'json' };
import syl from './commands/syl.json' with { type: 'json' };
import tam from './commands/tam.json' with { type: 'json' };
import tur from './commands/tur.json' with { type: 'json' };
import ukr from './commands/ukr.json' with { type: 'json' };
import urd from './commands/urd.json' with { type: 'json' };
import vie from './commands/vie.json' with { type: 'json' };
import zho from './commands/zho.json' with { type: 'json' };
import type { LanguageCode } from '../models/vocabulary.ts';

/** The words of one language that work at any time. A language we only recognise has its own name, its names, STOP and START. */
export type CommandTable = Readonly<Record<string, readonly string[] | string>> & { own: string };

/** One table per language we write in or recognise (spec: languages.md), in the order in which a shared word is claimed. */
export const COMMAND_TABLES: Readonly<Record<LanguageCode, CommandTable>> = {
  eng,
  ben,
  ara,
  syl,
  som,
  urd,
  tur,
  pol,
  ron,
  ita,
  spa,
  por,
  fra,
  vie,
  zho,
  lit,
  bul,
  ukr,
  rus,
  guj,
  pan,
  hin,
  tam,
  fas,
  deu,
  swa,
  cym,
};

/** What a language calls itself; the code when it is none we know. */
export function ownName(language: LanguageCode): string {
  return COMMAND_TABLES[language]?.own ?? language;
}
