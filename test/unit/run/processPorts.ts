// The ports of a process that dies, or that is put to sleep.
import type { Ports } from '../../../src/model/ports.ts';

/**
 * Ports of a process that dies after some events, or just before the next would be kept: nothing it waits for ever
 * comes, nothing it writes is kept.
 */
export function mortal(
  ports: Ports,
  crashAfter: number,
  moment: 'after' | 'before' = 'after',
): { readonly ports: Ports; readonly died: Promise<never> } {
  let left = crashAfter;
  const dead = (): boolean => left <= 0;
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => {
    /* a run that ends does not wait for it */
  });
  return {
    died: death.promise,
    ports: {
      ...ports,
      clock: {
        now: ports.clock.now,
        monotonicMs: ports.clock.monotonicMs,
        sleep: (durationMs, signal) =>
          dead()
            ? new Promise(() => {
                /* never */
              })
            : ports.clock.sleep(durationMs, signal).then(() =>
                dead()
                  ? new Promise<void>(() => {
                      /* never */
                    })
                  : undefined,
              ),
      },
      history: {
        ...ports.history,
        append(...appended) {
          if (dead()) throw new Error('This process is dead.');
          if (moment === 'after' || left > 1) ports.history.append(...appended);
          if (--left > 0) return;
          const error = new Error('This process dies now.');
          death.reject(error);
          throw error;
        },
        setNodes: (...args) => {
          if (!dead()) ports.history.setNodes(...args);
        },
        record: (...entry) => {
          if (!dead()) ports.history.record(...entry);
        },
      },
    },
  };
}

/** A process that can be put to sleep: nothing that it waits for comes until it is woken. */
export function sleepy(ports: Ports): { readonly ports: Ports; sleep(): void; wake(): void } {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  return {
    sleep: () => {
      gate = Promise.withResolvers<void>();
    },
    wake: () => gate.resolve(),
    ports: {
      ...ports,
      clock: { ...ports.clock, sleep: (...args) => ports.clock.sleep(...args).then(() => gate.promise) },
      hooks: {
        ...ports.hooks,
        run: async (...args) => {
          const outcome = await ports.hooks.run(...args);
          await gate.promise;
          return outcome;
        },
      },
    },
  };
}
