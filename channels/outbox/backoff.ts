/**
 * How long to wait before trying again (ms): doubling from `first` to `longest`, then spread over its upper half so that many
 * rows do not come back at once, and never less than the provider asked for.
 * @param tries how often it was tried, from 1
 * @param random 0 ≤ random < 1
 */
export function backoff(tries: number, first: number, longest: number, random: number, atLeast = 0): number {
  const full = Math.min(longest, first * 2 ** Math.min(tries - 1, 30));
  return Math.max(atLeast + (atLeast > 0 ? random * first : 0), full * (0.5 + random / 2));
}
