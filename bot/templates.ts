import type { Logger } from 'pino';
import type { Template } from '../channels/outbox/gates/gate.ts';
import type { Settings } from '../models/settings.ts';
import type { LanguageCode, Purpose } from '../models/vocabulary.ts';

/** Setting `templates`: catalogue key or purpose → language → approved template (docs/how-to/set-up-twilio.md). */
type TemplateTable = Record<string, Record<string, Template>>;

/** Approved templates for outside the free-text window, kept in memory and read again now and then. */
export class Templates {
  private readonly settings: Settings;
  private readonly log: Logger;
  private table: TemplateTable = {};

  constructor(settings: Settings, log: Logger) {
    this.settings = settings;
    this.log = log;
  }

  /** The template that says a catalogue key, or stands for a purpose, in a language. */
  readonly find = (
    purpose: Purpose,
    language: LanguageCode | undefined,
    key: string | undefined,
  ): Template | undefined => {
    const byKey = key ? this.table[key] : undefined;
    return (byKey ?? this.table[purpose])?.[language ?? 'eng'];
  };

  async refresh(): Promise<void> {
    const value = await this.settings.get('templates');
    if (value !== undefined && !isTable(value))
      this.log.error('the setting "templates" is malformed; keeping what was read before');
    else this.table = value ?? {};
  }
}

function isTable(value: unknown): value is TemplateTable {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(
    (languages) =>
      typeof languages === 'object' &&
      languages !== null &&
      Object.values(languages as object).every(
        (template) => typeof (template as { id?: unknown } | null)?.id === 'string',
      ),
  );
}
