// Divides long work into slices, so that no single task blocks the editor's thread.

/** A slice ends at the first step after this many milliseconds. */
const sliceMs = 10;

export async function runInSlices<T>(steps: Generator<void, T>): Promise<T> {
  let until = performance.now() + sliceMs;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await yieldToEventLoop();
    until = performance.now() + sliceMs;
  }
}

export function yieldToEventLoop(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
