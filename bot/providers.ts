import type { Logger } from 'pino';
import type { Intake, Provider } from '../channels/channel.ts';
import { createTwilio } from '../channels/twilio/provider.ts';
import type { Settings } from '../models/settings.ts';
import type { Config } from './config.ts';

export interface ProviderParts {
  config: Config;
  intake: Intake;
  settings: Settings;
  log: Logger;
  now: () => Date;
}

/** Every provider this service speaks to: one line each (docs/how-to/add-a-channel.md). */
export function createProviders(parts: ProviderParts): Provider[] {
  const { config, intake, log, now, settings } = parts;
  return [
    ...(config.twilio
      ? [
          createTwilio(
            { ...config.twilio, publicUrl: config.publicUrl },
            { intake, log, now, contents: contentStore(settings, now) },
          ),
        ]
      : []),
  ];
}

/** Where a provider keeps ids of content it made once: settings, one each. */
function contentStore(
  settings: Settings,
  now: () => Date,
): { get(key: string): Promise<string | undefined>; set(key: string, id: string): Promise<void> } {
  return {
    async get(key) {
      const id = await settings.get(`content:${key}`);
      return typeof id === 'string' ? id : undefined;
    },
    set: (key, id) => settings.set(`content:${key}`, id, now()),
  };
}
