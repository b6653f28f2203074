import type { World } from './checks/check.ts';
import { median, type KillFigures } from './killer.ts';
import { isAccepted } from './post-office.ts';

/** What a run was made of, by name, for people. */
export type Figures = Readonly<Record<string, string | number>>;

export function figuresOf(of: {
  world: World;
  killer: KillFigures;
  struck: Readonly<Record<string, number>>;
  ms: number;
}): Figures {
  const { world, killer, struck, ms } = of;
  return {
    minutes: (ms / 60_000).toFixed(1),
    'killed while serving': killer.whileServing,
    'killed while starting': killer.whileStarting,
    'stopped in order': killer.stopped,
    'processes started': killer.starts,
    'start, median ms': Math.round(median(killer.startsMs) ?? 0),
    'stop, longest ms': Math.round(Math.max(0, ...killer.stopsMs)),
    ...inboundFigures(world),
    ...outboundFigures(world),
    'experiences told to the end': world.memories.reduce((total, { completed }) => total + completed.length, 0),
    'feedback items': world.feedback.length,
    'STOP and START': world.memories.reduce((total, { optOuts }) => total + optOuts.length, 0),
    'refusals and erasures': world.memories.reduce((total, { forgotten }) => total + forgotten.length, 0),
    'files stored': world.files.length,
    ...counted(
      'fault: ',
      Object.entries(struck).flatMap(([name, count]) => Array.from({ length: count }, () => name)),
    ),
  };
}

function inboundFigures({ posted, inbound }: World): Figures {
  return {
    'messages written': posted.length,
    'webhooks posted': posted.reduce((total, { answers }) => total + answers.length, 0),
    accepted: posted.filter(isAccepted).length,
    'delivered more than once': posted.filter(({ deliveries }) => deliveries > 1).length,
    'with attachments': posted.filter(({ attachments }) => attachments.length > 0).length,
    ...counted(
      'outcome: ',
      inbound.map(({ outcome }) => outcome ?? 'none'),
    ),
  };
}

function outboundFigures({ outbound, ledger }: World): Figures {
  return {
    'rows out': outbound.length,
    'accepted by the provider': ledger.messages.length,
    'sent a second time, as allowed': outbound.filter(({ repeated }) => repeated).length,
    ...counted(
      'out: ',
      outbound.map(({ state, dropReason, detail }) =>
        [state, dropReason ?? (state === 'failed' ? detail : undefined)].filter(Boolean).join(' '),
      ),
    ),
  };
}

function counted(prefix: string, names: readonly string[]): Figures {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(
    [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, count]) => [prefix + name, count]),
  );
}
