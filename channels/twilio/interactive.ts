import type { Choice } from '../../models/vocabulary.ts';
import { oneLine } from './numbered.ts';
import { cutText } from './split.ts';

/** Body of an interactive message. Source: https://www.twilio.com/docs/content/twilio-quick-reply (1,024 characters). */
export const MAX_INTERACTIVE_BODY = 1000;
const MAX_BUTTONS = 3;
const MAX_BUTTON_TITLE = 20;
const MAX_ROWS = 10;
const MAX_ROW_TITLE = 24;
const MAX_ROW_DESCRIPTION = 72;
const MAX_ID = 200;
const MAX_LINES = 20;

/** Opens a list. A sign and not a word: texts to residents live in the catalogue, and this resource serves every language. */
const LIST_BUTTON = '☰';

/** One interactive message: which Content resource shows it, how to make that resource, and what to fill in. */
export interface Interactive {
  /** The same for every message of this shape, whatever its words and language. */
  key: string;
  request: {
    friendlyName: string;
    language: string;
    variables: Record<string, string>;
    types: Record<string, unknown>;
  };
  variables: Record<string, string>;
}

/**
 * The choices as WhatsApp quick replies (up to 3 of 20 characters) or a list (up to 10), or null when neither can carry them.
 *
 * A Content resource is a shape with every word a variable. Twilio refuses variables that are empty, hold a line break or a tab
 * (error 21656), so the line breaks of the body are part of the shape: each line is one variable.
 */
export function interactiveOf(text: string, choices: readonly Choice[]): Interactive | null {
  const lines = text.split(/\r?\n/).map(oneLine);
  if (!bodyFits(text) || lines.length > MAX_LINES || !choices.every(usable) || !distinct(choices)) return null;
  const shape = new Shape(lines);
  if (choices.length <= MAX_BUTTONS && choices.every(({ title }) => oneLine(title).length <= MAX_BUTTON_TITLE)) {
    return shape.quickReply(choices);
  }
  return choices.length <= MAX_ROWS && choices.every(rowFits) ? shape.list(choices) : null;
}

function bodyFits(text: string): boolean {
  return text.trim() !== '' && text.length <= MAX_INTERACTIVE_BODY && !text.includes('{{');
}

function usable({ id, title }: Choice): boolean {
  const whole = oneLine(title);
  return whole !== '' && !whole.includes('{{') && /^[^\s{}]+$/.test(id) && id.length <= MAX_ID;
}

function distinct(choices: readonly Choice[]): boolean {
  const titles = new Set(choices.map(({ title }) => oneLine(title)));
  return (
    choices.length > 0 && titles.size === choices.length && new Set(choices.map(({ id }) => id)).size === titles.size
  );
}

/** A title too long for a row is shown whole in the row's second line. */
function rowFits({ title }: Choice): boolean {
  return oneLine(title).length <= MAX_ROW_DESCRIPTION;
}

/** Collects variables in the order in which the shape names them. */
class Shape {
  private readonly variables: Record<string, string> = {};
  private readonly body: string;
  private readonly bodyKey: string;

  constructor(lines: readonly string[]) {
    this.body = lines.map((line) => (line === '' ? '' : this.slot(line))).join('\n');
    this.bodyKey = lines.map((line) => (line === '' ? '0' : '1')).join('');
  }

  quickReply(choices: readonly Choice[]): Interactive {
    const actions = choices.map(({ id, title }) => ({
      type: 'QUICK_REPLY',
      title: this.slot(oneLine(title)),
      id: this.slot(id),
    }));
    const key = `quick-reply.${this.bodyKey}.${choices.length}`;
    return this.finished(key, { 'twilio/quick-reply': { body: this.body, actions } });
  }

  list(choices: readonly Choice[]): Interactive {
    const rows = choices.map(({ id, title, description }) => {
      const whole = oneLine(title);
      const second = whole.length > MAX_ROW_TITLE ? whole : cutText(oneLine(description ?? ''), MAX_ROW_DESCRIPTION);
      return {
        item: this.slot(cutText(whole, MAX_ROW_TITLE)),
        id: this.slot(id),
        ...(second !== '' && !second.includes('{{') && { description: this.slot(second) }),
      };
    });
    const key = `list.${this.bodyKey}.${rows.map((row) => ('description' in row ? '2' : '1')).join('')}`;
    return this.finished(key, { 'twilio/list-picker': { body: this.body, button: LIST_BUTTON, items: rows } });
  }

  private slot(value: string): string {
    const name = String(Object.keys(this.variables).length + 1);
    this.variables[name] = value;
    return `{{${name}}}`;
  }

  private finished(key: string, types: Record<string, unknown>): Interactive {
    // Samples are required when a resource is made; real words of a resident's conversation are none of theirs.
    const samples = Object.fromEntries(Object.keys(this.variables).map((name) => [name, `sample${name}`]));
    const request = { friendlyName: `shuni.${key}`, language: 'en', variables: samples, types };
    return { key, request, variables: this.variables };
  }
}
