import type { Logger } from 'pino';
import type { Services } from '../models/services.ts';
import type { ServiceEntry } from '../models/vocabulary.ts';
import starter from '../models/starter-services.json' with { type: 'json' };

/** How often the directory is read again, so that an import shows in running processes. */
const REFRESH_MS = 60_000;

/** The services directory, kept in memory for the dialog. */
export class Directory {
  private readonly services: Services;
  private readonly log: Logger;
  private timer: NodeJS.Timeout | undefined;
  private loaded: readonly ServiceEntry[] = [];

  constructor(services: Services, log: Logger) {
    this.services = services;
    this.log = log;
  }

  /** Reads the directory, putting the starter entries into an empty one first. */
  async start(): Promise<void> {
    if ((await this.services.count()) === 0) await this.services.upsert(starter);
    await this.refresh();
    this.timer = setInterval(() => void this.refreshQuietly(), REFRESH_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get entries(): readonly ServiceEntry[] {
    return this.loaded;
  }

  async refresh(): Promise<void> {
    this.loaded = await this.services.all();
  }

  private async refreshQuietly(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.log.warn({ err: error }, 'services directory not refreshed; keeping the one in memory');
    }
  }
}
