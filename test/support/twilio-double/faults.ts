/** What the double does to one REST request instead of answering it well. */
export type Fault =
  | { kind: 'drop-before' } // the connection ends before anything was made
  | { kind: 'drop-after' } // … after the message was made
  | { kind: 'error-before'; status: number; code?: number; retryAfter?: string }
  | { kind: 'error-after'; status: number }
  | { kind: 'garbled' } // 201 whose body is not JSON, after the message was made
  | { kind: 'no-sid' } // 201 without a sid, after the message was made
  | { kind: 'delay'; ms: number };

/** Which request a fault is for. */
export type Target = 'create' | 'list' | 'media' | 'content';

/** Shares (0..1) of creations that fail by chance, from a seed so that a run repeats exactly. */
export interface ChanceFaults {
  seed: number;
  dropBefore?: number;
  dropAfter?: number;
  errorBefore?: number;
  errorAfter?: number;
  garbled?: number;
  tooMany?: number;
}

/** Faults in waiting: those asked for by name first, then those by chance. */
export class Faults {
  private readonly queued = new Map<Target, (Fault | null)[]>();
  private chance: { faults: ChanceFaults; random: () => number } | null = null;

  /** The next requests of this target meet these faults, one each; null lets one pass. */
  next(target: Target, ...faults: (Fault | null)[]): void {
    this.queued.set(target, [...(this.queued.get(target) ?? []), ...faults]);
  }

  byChance(faults: ChanceFaults | null): void {
    this.chance = faults && { faults, random: mulberry32(faults.seed) };
  }

  take(target: Target): Fault | null {
    const waiting = this.queued.get(target);
    if (waiting && waiting.length > 0) return waiting.shift() ?? null;
    return target === 'create' && this.chance ? drawn(this.chance.faults, this.chance.random()) : null;
  }
}

function drawn(shares: ChanceFaults, draw: number): Fault | null {
  const table: [number | undefined, Fault][] = [
    [shares.dropBefore, { kind: 'drop-before' }],
    [shares.dropAfter, { kind: 'drop-after' }],
    [shares.errorBefore, { kind: 'error-before', status: 500 }],
    [shares.errorAfter, { kind: 'error-after', status: 500 }],
    [shares.garbled, { kind: 'garbled' }],
    [shares.tooMany, { kind: 'error-before', status: 429, code: 20429, retryAfter: '1' }],
  ];
  let reached = 0;
  for (const [share, fault] of table) {
    reached += share ?? 0;
    if (draw < reached) return fault;
  }
  return null;
}

/** A small seeded generator: uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
