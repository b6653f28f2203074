/**
 * Makes numbers that only grow within a process and follow the clock across processes: milliseconds × 1000 plus a counter.
 * They give messages of one conversation their order; 2^53 lasts until the year 2255.
 */
export function createOrder(now: () => Date): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, now().getTime() * 1000);
    return last;
  };
}
