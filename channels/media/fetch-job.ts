import type { Logger } from 'pino';
import type { MediaJob, MediaResult, MediaStore } from '../../models/media-files.ts';
import type { ChannelName } from '../../models/vocabulary.ts';
import { MediaError, type Channel } from '../channel.ts';
import { Inspection, inspected, TooLargeError } from './inspect.ts';
import { sniff } from './sniff.ts';

/** Before tries 2, 3, 4 … of one job (spec: 1, 3, 10 s; then minutes). After the last a fetch has failed. */
export const RETRY_AFTER_MS: readonly number[] = [1000, 3000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000];

/** Much longer than a job may take, so that two workers only meet over a job when one of them was frozen. */
const LEASE_MS = 5 * 60_000;
const JOB_MS = 90_000;

/** What a job asks of the channel it came by. */
export type OpenMedia = (
  channel: ChannelName,
  ...rest: Parameters<NonNullable<Channel['openMedia']>>
) => ReturnType<NonNullable<Channel['openMedia']>>;
export type RemoveMedia = (
  channel: ChannelName,
  ...rest: Parameters<NonNullable<Channel['removeMedia']>>
) => Promise<void>;

export interface MediaWorkerDeps {
  store: MediaStore;
  openMedia: OpenMedia;
  removeMedia: RemoveMedia;
  log: Logger;
  now: () => Date;
  /** 16 MB in service (spec). */
  maxBytes: number;
  /** How long to wait when nothing is due; default 1 s. */
  idleMs?: number;
  /** How many jobs at once; default 2. */
  concurrency?: number;
}

export interface MediaWorker {
  start(): void;
  /** Takes nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void>;
  /** Does one due job. False: nothing was due. Rejects only when the store does. */
  runOne(): Promise<boolean>;
}

/**
 * Fetches what residents sent, apart from the conversation: open at the provider, stream into our store, judge the bytes, settle,
 * and only then delete at the provider. Every step may be done twice; jobs survive the process.
 */
export function createMediaWorker(deps: MediaWorkerDeps): MediaWorker {
  const stopping = new AbortController();
  let running: Promise<void>[] = [];

  const runOne = async (): Promise<boolean> => {
    const job = await deps.store.claim(deps.now(), LEASE_MS);
    if (job === null) return false;
    await (job.kind === 'fetch' ? fetchJob(deps, job, stopping.signal) : removeJob(deps, job));
    return true;
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const worked = await runOne().catch((error: unknown) => {
        deps.log.error({ error: nameOf(error) }, 'media job could not be settled');
        return false;
      });
      if (!worked) await pause(deps.idleMs ?? 1000, stopping.signal);
    }
  };

  return {
    runOne,
    start() {
      running = Array.from({ length: deps.concurrency ?? 2 }, loop);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function fetchJob(deps: MediaWorkerDeps, job: MediaJob, stopping: AbortSignal): Promise<void> {
  let result: MediaResult;
  try {
    result = await fetched(deps, job, stopping);
  } catch (error) {
    await deps.store.discard(job);
    const at = retryAt(deps, job, error);
    if (at) {
      await deps.store.postpone(job, at);
      return;
    }
    result = { state: error instanceof TooLargeError || tooLarge(error) ? 'too-large' : 'failed' };
    deps.log.warn({ channel: job.channel, reason: reasonOf(error), attempts: job.attempts }, 'media not fetched');
  }
  await deps.store.settle(job, result, result.fileId === undefined ? null : deps.now());
}

async function fetched(deps: MediaWorkerDeps, job: MediaJob, stopping: AbortSignal): Promise<MediaResult> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(JOB_MS)]);
  const { body, contentType } = await deps.openMedia(job.channel, job, signal);
  const inspection = new Inspection(deps.maxBytes);
  const declared = job.contentType || contentType;
  const { fileId, bytes } = await deps.store
    .save(job, inspected(body, inspection), declared)
    .catch((error: unknown) => {
      throw inspection.errored ?? error;
    });
  const verdict = await sniff(inspection.head, inspection.tail, job.mediaKind);
  const sniffedType = verdict.type === '' ? {} : { sniffedType: verdict.type };
  return { state: verdict.safe ? 'stored' : 'quarantined', fileId, bytes, ...sniffedType };
}

async function removeJob(deps: MediaWorkerDeps, job: MediaJob): Promise<void> {
  try {
    await deps.removeMedia(job.channel, job);
    await deps.store.removed(job);
  } catch (error) {
    // What stays at the provider is a resident's: this is tried for as long as it takes.
    deps.log.warn({ channel: job.channel, reason: reasonOf(error), attempts: job.attempts }, 'media not removed');
    await deps.store.postpone(job, later(deps, job) ?? new Date(deps.now().getTime() + 86_400_000));
  }
}

/** When to try a failed fetch again; null: never. */
function retryAt(deps: MediaWorkerDeps, job: MediaJob, error: unknown): Date | null {
  if (error instanceof TooLargeError || (error instanceof MediaError && !error.retry)) return null;
  return later(deps, job);
}

function later(deps: MediaWorkerDeps, job: MediaJob): Date | null {
  const wait = RETRY_AFTER_MS[job.attempts];
  return wait === undefined ? null : new Date(deps.now().getTime() + wait);
}

function tooLarge(error: unknown): boolean {
  return error instanceof MediaError && error.reason === 'too-large';
}

function reasonOf(error: unknown): string {
  return error instanceof MediaError ? error.reason : nameOf(error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
