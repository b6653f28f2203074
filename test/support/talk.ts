import { createDialog, type DialogOptions } from '../../dialogs/engine.ts';
import type { DialogEvent } from '../../dialogs/events.ts';
import type { DialogState, DialogTurn, DialogWorld } from '../../dialogs/turn.ts';
import { createCatalogue } from '../../languages/catalogue.ts';
import { detectLanguage } from '../../languages/detect.ts';
import starterServices from '../../models/starter-services.json' with { type: 'json' };
import type { MediaKind } from '../../models/vocabulary.ts';

/**
 * Plays a resident against the real engine and catalogue. A line is what they write; in front of it may stand `+3s` (after so long;
 * a minute otherwise), and instead of text `[voice]`, `[photo] caption` or `(press 2)` for the second choice offered last.
 */

export type TalkChannel = 'sms' | 'whatsapp' | 'webchat';

const START = Date.UTC(2026, 10, 23, 9, 0, 0);
const MEDIA: Readonly<Record<string, MediaKind>> = {
  voice: 'voice',
  photo: 'image',
  video: 'video',
  document: 'document',
};
const LINE = /^(?:\+(\d+)s\s*)?((?:\[\w+\]\s*)*)(?:\(press (\d+)\))?([\s\S]*)$/u;

export const catalogue = createCatalogue();
export const world: DialogWorld = {
  services: starterServices,
  reference: (experience) => `TH-7K2M-${experience}QXW`,
  privacyUrl: 'https://shuni.example/privacy',
};

const DEFAULTS: DialogOptions = { suggestCodings: () => [], catalogue };
const shared = createDialog(DEFAULTS);

export interface Exchange {
  line: string;
  turn: DialogTurn;
  events: DialogEvent[];
  state: DialogState;
}

export class Talk {
  readonly exchanges: Exchange[] = [];
  state: DialogState | null = null;
  private readonly channel: TalkChannel;
  private readonly handle;
  private readonly world: DialogWorld;
  private at = START;
  private optedOut = false;
  private offered: string[] = [];

  constructor(channel: TalkChannel, options: Partial<DialogOptions> & { world?: DialogWorld } = {}) {
    this.channel = channel;
    this.world = options.world ?? world;
    const own = options.suggestCodings ?? options.pathways ?? options.catalogue;
    this.handle = own ? createDialog({ ...DEFAULTS, ...options }).handle : shared.handle;
  }

  say(...lines: string[]): DialogEvent[] {
    return lines.flatMap((line) => this.take(line).events);
  }

  /** One message; further fields override what the line says. */
  take(line: string, fields: Partial<DialogTurn> = {}): Exchange {
    const turn = { ...this.toTurn(line), ...fields };
    const { state, events } = this.handle(this.state, turn, this.world);
    this.state = state;
    for (const event of events) this.follow(event);
    const exchange = { line, turn, events, state };
    this.exchanges.push(exchange);
    return exchange;
  }

  /** All events so far. */
  get events(): DialogEvent[] {
    return this.exchanges.flatMap(({ events }) => events);
  }

  private follow(event: DialogEvent): void {
    if (event.type === 'opted-out') this.optedOut = true;
    if (event.type === 'opted-in') this.optedOut = false;
    if (event.type === 'said') this.offered = (event.choices ?? []).map(({ id }) => id);
  }

  private toTurn(line: string): DialogTurn {
    const [, seconds, media = '', press, text = ''] = LINE.exec(line) ?? [];
    this.at += Number(seconds ?? 60) * 1000;
    const choice = press === undefined ? undefined : this.offered[Number(press) - 1];
    return {
      messageId: `m${this.exchanges.length + 1}`,
      at: this.at,
      channel: this.channel,
      short: this.channel === 'sms',
      text: text.trim(),
      ...(choice !== undefined && { choice }),
      media: [...media.matchAll(/\[(\w+)\]/gu)].map(([, kind = '']) => MEDIA[kind] ?? 'other'),
      guess: detectLanguage(text),
      optOutConfirmedByProvider: this.channel === 'sms',
      optedOut: this.optedOut,
    };
  }
}

/** A said event as the resident sees it. */
export function rendered(
  event: Extract<DialogEvent, { type: 'said' }>,
  language: string,
  channel: TalkChannel,
): string {
  const short = channel === 'sms';
  const text = catalogue.say(language, event.key, event.params, { short });
  const choices = (event.choices ?? []).map(({ title }, index) => {
    const name = 'name' in title ? title.name : catalogue.say(language, title.key, {}, { short });
    return short ? `${index + 1}. ${name}` : `[ ${name} ]`;
  });
  return [text, ...choices].join('\n');
}

/** The talk as a text to be read: `<` the resident, `>` Shuni, `·` what is kept. */
export function transcript(talk: Talk, channel: TalkChannel): string {
  return talk.exchanges.map((exchange) => spell(exchange, channel)).join('\n\n') + '\n';
}

function spell({ line, events, state }: Exchange, channel: TalkChannel): string {
  const language = state.language ?? 'eng';
  const answers = events.map((event) =>
    event.type === 'said' ? indent('> ', rendered(event, language, channel)) : `· ${kept(event)}`,
  );
  return [indent('< ', line), ...(answers.length > 0 ? answers : ['·'])].join('\n');
}

function indent(mark: string, text: string): string {
  return mark + text.replaceAll('\n', '\n  ');
}

/** How what is kept is written down, by type; a type without details is its own name. */
const KEPT: { [T in DialogEvent['type']]?: (event: Extract<DialogEvent, { type: T }>) => string } = {
  'answer-recorded': (event) => `${event.question} = ${JSON.stringify(event.answer)}`,
  'experience-coded': ({ codings }) =>
    `codes ${codings.map(({ code, sentiment }) => `${code}:${sentiment}`).join(' ') || 'none'}`,
  'consent-recorded': (event) => `consent ${event.purpose} ${event.given ? 'given' : 'refused'}`,
  'language-changed': (event) => `language ${event.language} (${event.by})`,
  'experience-started': (event) => `experience-started ${event.experience}`,
  'experience-ended': (event) => `experience-ended ${event.experience} ${event.outcome}`,
};

function kept(event: DialogEvent): string {
  const write = KEPT[event.type] as ((event: DialogEvent) => string) | undefined;
  return write?.(event) ?? event.type;
}
