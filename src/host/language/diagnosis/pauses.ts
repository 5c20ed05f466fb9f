// Delays an action until the user stops typing, and tells callers when it is done.

export interface Pauses {
  /** Runs `action` once `pauseMs` have passed without another call for this key. */
  soon(key: string, action: () => void): void;
  /** Cancels the pending action. */
  stop(key: string): void;
  /** Resolves when no action is pending for the key: it was run, was cancelled, or there was none. */
  settled(key: string): Promise<void>;
  dispose(): void;
}

interface Waiting {
  timer?: NodeJS.Timeout;
  readonly done: PromiseWithResolvers<void>;
}

export function createPauses(pauseMs: number): Pauses {
  const waiting = new Map<string, Waiting>();
  function end(key: string): void {
    const one = waiting.get(key);
    clearTimeout(one?.timer);
    waiting.delete(key);
    one?.done.resolve();
  }
  return {
    soon(key, action) {
      const one = waiting.get(key) ?? { done: Promise.withResolvers<void>() };
      clearTimeout(one.timer);
      one.timer = setTimeout(() => {
        try {
          action();
        } finally {
          end(key);
        }
      }, pauseMs);
      waiting.set(key, one);
    },
    stop: end,
    settled: key => waiting.get(key)?.done.promise ?? Promise.resolve(),
    dispose() {
      for (const key of [...waiting.keys()]) end(key);
    },
  };
}
