/** Milliseconds of processor time that `work` takes: unlike a clock, it does not count waiting for a busy machine. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
