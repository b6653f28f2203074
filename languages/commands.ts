import type { LanguageCode } from '../models/vocabulary.ts';
import { COMMAND_TABLES, type CommandTable } from './command-tables.ts';
import { messageKey } from './normalise.ts';

/** Words that work at any time (spec: intake.md), matched on the whole message only. */
export const COMMANDS = [
  'stop', 'start', 'help', 'language', 'back', 'skip', 'again', 'new', 'person', 'delete', 'who',
] as const; // prettier-ignore
export type Command = (typeof COMMANDS)[number];

export interface CommandMatch {
  command: Command;
  /** Whose word it is: the first of our tables that has it. */
  from: LanguageCode;
  /** For `language`: the language that was named. */
  language?: LanguageCode;
}

const MATCHES = buildMatches();

/**
 * The command a whole message is, in any language we know, whatever its case, punctuation or accents: "Stop!" and "বন্ধ।" are
 * commands, "Stop the noise from the building site" is not. Undefined: not a command.
 */
export function matchCommand(text: string): CommandMatch | undefined {
  if (text.length > 200) return undefined;
  return MATCHES.get(messageKey(text));
}

/** STOP is claimed first: where two meanings share a word, the one that must never be missed wins. */
function buildMatches(): Map<string, CommandMatch> {
  const matches = new Map<string, CommandMatch>();
  const claim = (phrase: string, match: CommandMatch): void => {
    const key = messageKey(phrase);
    if (key !== '' && !matches.has(key)) matches.set(key, match);
  };
  for (const command of COMMANDS) {
    for (const [from, table] of Object.entries(COMMAND_TABLES)) {
      for (const phrase of phrases(table, command)) claim(phrase, { command, from });
    }
  }
  for (const [language, table] of Object.entries(COMMAND_TABLES)) {
    for (const name of [table.own, ...phrases(table, 'names')])
      claim(name, { command: 'language', language, from: language });
  }
  return matches;
}

function phrases(table: CommandTable, meaning: string): readonly string[] {
  const list = table[meaning];
  return typeof list === 'object' ? list : [];
}
