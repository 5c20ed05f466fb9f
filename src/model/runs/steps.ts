// Long work in small steps: a generator that yields where its caller can let other work run.

/** Runs all steps at once. */
export function finishSteps<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
