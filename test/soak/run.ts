import { setMaxListeners } from 'node:events';
import { judge } from './checks/registry.ts';
import type { Violation, World } from './checks/check.ts';
import { readWorld } from './checks/world.ts';
import { drained, isNothing } from './draining.ts';
import { figuresOf, type Figures } from './figures.ts';
import { Killer } from './killer.ts';
import { isAccepted, PostOffice } from './post-office.ts';
import { createRandom } from './random.ts';
import { drawProfiles } from './residents/profile.ts';
import { Resident } from './residents/resident.ts';
import { AUTH_TOKEN, SECRET, type Settings } from './settings.ts';
import { setStage, type Stage } from './stage.ts';
import { pause, within } from './waiting.ts';

export interface Outcome {
  violations: Violation[];
  figures: Figures;
}

/** How far a run has come. */
export interface Progress {
  phase: 'killing' | 'draining' | 'checking';
  kills: number;
  deliveries: number;
  sends: number;
  faults: number;
}

/** After the last kill something has to come to its end within this, again and again (ms): leases of 15 s, retries, unknown fates. */
const DRAIN_MS = 120_000;
const PROGRESS_MS = 1000;

/**
 * One run: residents write, the provider fails, processes die and come back; then everything becomes calm, has to come to an
 * end, and is judged. Resolves with every violation; rejects when the run itself could not be made.
 */
export async function runSoak(
  settings: Settings,
  options: { folder: string; mongodbUri?: string | undefined; onProgress?: (progress: Progress) => void },
): Promise<Outcome> {
  const random = createRandom(settings.seed);
  const stage = await setStage({ ...options, processes: settings.processes, random });
  try {
    return await play(settings, stage, options.onProgress ?? (() => undefined));
  } finally {
    await stage.close();
  }
}

async function play(settings: Settings, stage: Stage, onProgress: (progress: Progress) => void): Promise<Outcome> {
  const began = performance.now();
  const random = createRandom(settings.seed);
  const over = new AbortController();
  setMaxListeners(0, over.signal); // every resident waits with it
  const deadline = AbortSignal.timeout(settings.deadlineMs);
  const enough = (kills: number): boolean => kills >= settings.kills && performance.now() - began >= settings.atLeastMs;
  const killer = new Killer(stage.slots, random.fork('kills'), enough, deadline);
  const urls = (): string[] => stage.slots.flatMap(({ url }) => url ?? []);
  const office = new PostOffice(stage.double, stage.front.url, urls, random.fork('post'), over.signal);
  const residents = drawProfiles(settings.residents, random.fork('residents')).map(
    (profile) =>
      new Resident(profile, {
        database: stage.database,
        office,
        random: random.fork(`resident ${profile.index}`),
        over: over.signal,
      }),
  );
  let phase: Progress['phase'] = 'killing';
  const telling = setInterval(() => {
    onProgress({
      phase,
      kills: killer.kills,
      deliveries: office.posted.filter(isAccepted).length,
      sends: stage.double.ledger.messages.length,
      faults: sum(stage.weather.struck),
    });
  }, PROGRESS_MS);
  try {
    const lives = Promise.all(residents.map((resident) => resident.live()));
    await Promise.race([killer.run(), lives]);
    phase = 'draining';
    const troubles = await comeToAnEnd(stage, office, over, lives);
    phase = 'checking';
    const world = await readWorld(stage.database, seenBy(stage, office, residents));
    const violations = [
      ...[...killer.troubles, ...troubles].map((what) => ({ check: 'run', id: '', what })),
      ...(await judge(world)),
    ];
    return {
      violations,
      figures: figuresOf({
        world,
        killer: killer.figures,
        struck: stage.weather.struck,
        ms: performance.now() - began,
      }),
    };
  } finally {
    clearInterval(telling);
  }
}

/** Calm: no more faults, nobody writes any more, the processes stay up. Resolves what did not come to its end. */
async function comeToAnEnd(
  stage: Stage,
  office: PostOffice,
  over: AbortController,
  lives: Promise<unknown>,
): Promise<string[]> {
  over.abort();
  await lives;
  await office.settled();
  stage.weather.clearUp();
  await stage.double.settled();
  const left = await drained(stage.database, DRAIN_MS);
  await stage.double.settled();
  // What the last callbacks said is stored a moment later.
  await pause(300);
  return [
    ...(isNothing(left) ? [] : [`nothing came to its end for ${DRAIN_MS / 1000} s; left: ${JSON.stringify(left)}`]),
    ...(await stopAll(stage)),
  ];
}

async function stopAll({ slots }: Stage): Promise<string[]> {
  const ends = await Promise.all(slots.map((slot) => within(40_000, slot.end('SIGTERM'))));
  return ends.flatMap((end, i) =>
    end?.code === 0 && !end.unasked ? [] : [`process ${i} ended with ${JSON.stringify(end ?? 'nothing')} at the end`],
  );
}

function seenBy(
  stage: Stage,
  office: PostOffice,
  residents: readonly Resident[],
): Parameters<typeof readWorld>[1] & Pick<World, 'secrets'> {
  return {
    ledger: stage.double.ledger,
    posted: office.posted,
    memories: residents.map(({ memory }) => memory),
    logFiles: stage.logFiles,
    secrets: [AUTH_TOKEN, SECRET.secret.toString('base64')],
    keyring: stage.keyring,
  };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
