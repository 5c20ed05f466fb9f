// Does something once a person has stopped typing, and tells those who wait for it.

export interface Pauses {
  /** Does it `pauseMs` after the last call with this key. */
  soon(key: string, action: () => void): void;
  /** Forgets what was to be done. */
  stop(key: string): void;
  /** Resolves at once when nothing is to be done, else when it was done or forgotten. */
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
