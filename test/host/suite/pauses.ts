// Records moments in which the extension host's event loop was blocked, and whether this process used the processor.
export interface Pause {
  /** Since the watch began. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Processor time of this thread in the pause: if far below its duration, other programs used the processors. */
  readonly processorMs: number;
}

const tickMs = 5;

/** Returns a function that stops the watch and returns all pauses of more than 20 ms, longest first. */
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
