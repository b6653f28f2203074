import { mulberry32 } from '../support/twilio-double/faults.ts';

/** Seeded randomness: the same seed draws the same numbers in the same order. */
export interface Random {
  /** 0 ≤ x < 1. */
  (): number;
  /** A number from `least` up to, not including, `most`. */
  between(least: number, most: number): number;
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number;
  /** True in this share (0..1) of draws. */
  chance(share: number): boolean;
  /** One of a list; throws when it is empty. */
  pick<T>(from: readonly T[]): T;
  /** Randomness of its own for one part of a run, so that what one part draws does not move another's draws. */
  fork(name: string | number): Random;
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed);
  const below = (count: number): number => Math.floor(next() * count);
  return Object.assign(next, {
    between: (least: number, most: number) => least + next() * (most - least),
    below,
    chance: (share: number) => next() < share,
    pick<T>(from: readonly T[]): T {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    fork: (name: string | number) => createRandom(mixed(seed, String(name))),
  });
}

/** FNV-1a over a name, beginning at the seed. */
function mixed(seed: number, name: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
