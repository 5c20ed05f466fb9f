// Instructions from people, from any process: they are read from the store while the run is in progress.
import { StoreError } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';
import type { Instruction } from '../../model/runs/runEvents.ts';

export interface Inbox {
  /**
   * Passes on instructions given since `sinceMs`, oldest first, and later ones as they arrive, until the signal aborts.
   * Every listener receives all of them.
   */
  listen(sinceMs: number, signal: AbortSignal, onInstruction: (instruction: Instruction) => void): void;
  /** True for the first caller only: an instruction for one phase must not decide the next one. */
  take(instruction: Instruction): boolean;
  /** Reads the store now instead of at the next poll. */
  poke(): void;
  close(): void;
}

const pollMs = 200;

export function openInbox(
  runId: string,
  history: Pick<History, 'instructions'>,
  clock: Clock,
  onBroken: (error: unknown) => void,
): Inbox {
  const closed = new AbortController();
  const received: Instruction[] = [];
  const listeners = new Set<(instruction: Instruction, isNew: boolean) => void>();
  const taken = new Set<Instruction>();
  let lastSeq = 0;

  function poll(): void {
    for (const { seq, instruction } of readSafely()) {
      lastSeq = seq;
      received.push(instruction);
      for (const listener of [...listeners]) listener(instruction, true);
    }
  }
  /** An instruction that cannot be read now is read at the next poll. */
  function readSafely(): ReturnType<History['instructions']> {
    try {
      return history.instructions(runId, lastSeq);
    } catch (error) {
      if (error instanceof StoreError && error.passes) return [];
      throw error;
    }
  }
  async function keepPolling(): Promise<void> {
    while (!closed.signal.aborted) {
      poll();
      await clock.sleep(pollMs, closed.signal);
    }
  }
  keepPolling().catch(onBroken);
  return {
    listen(sinceMs, signal, onInstruction) {
      if (signal.aborted) return;
      const listener = (instruction: Instruction, isNew: boolean): void => {
        // If the clock was set back, a newly arrived instruction counts as given now, whatever its time stamp.
        const isSince = instruction.at >= sinceMs || (isNew && clock.now() < sinceMs);
        if (!signal.aborted && isSince) onInstruction(instruction);
      };
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
      for (const instruction of [...received]) listener(instruction, false);
    },
    take(instruction) {
      if (taken.has(instruction)) return false;
      taken.add(instruction);
      return true;
    },
    poke: poll,
    close: () => closed.abort(),
  };
}

/** The first instruction of one of these types since `sinceMs`; undefined if the signal ends the wait. */
export function nextInstruction(
  inbox: Inbox,
  types: readonly Instruction['type'][],
  sinceMs: number,
  signal: AbortSignal,
): Promise<Instruction | undefined> {
  return new Promise(resolve => {
    const done = new AbortController();
    const either = AbortSignal.any([done.signal, signal]);
    either.addEventListener('abort', () => resolve(undefined), { once: true });
    if (either.aborted) return resolve(undefined);
    inbox.listen(sinceMs, either, instruction => {
      if (!types.includes(instruction.type)) return;
      resolve(instruction);
      done.abort();
    });
  });
}
