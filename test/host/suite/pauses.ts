// Watches for moments in which the extension host's event loop stood still, and whether this process was at work then
// or had to wait for a processor.
export interface Pause {
  /** Since the watch began. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Processor time of this thread in it: far below the duration, other programs had the processors. */
  readonly processorMs: number;
}

const tickMs = 5;

/** Gives what ends the watch and returns all pauses of more than 20 ms, longest first. */
export function watchPauses(): () => readonly Pause[] {
  const began = performance.now();
  const pauses: Pause[] = [];
  let last = began,
    used = process.threadCpuUsage();
  const ticking = setInterval(() => {
    const now = performance.now(),
      { user, system } = process.threadCpuUsage(used);
    const durationMs = now - last - tickMs;
    if (durationMs > 20) pauses.push({ atMs: last - began, durationMs, processorMs: (user + system) / 1000 });
    last = now;
    used = process.threadCpuUsage();
  }, tickMs);
  return () => {
    clearInterval(ticking);
    return pauses.sort((left, right) => right.durationMs - left.durationMs);
  };
}
