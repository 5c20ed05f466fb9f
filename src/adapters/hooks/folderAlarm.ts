// Wakes those who wait for a change in the folder of a hook.
import { watch } from 'node:fs';
import type { Clock } from '../../model/ports.ts';
import { COPY_ENDING } from './commandHookOutput.ts';

/** The minimum time between two reads of the folder. */
const PAUSE_MS = 10;

/** Sleeps until something changes in the folder, the signal aborts, or the time is over. */
export interface Alarm {
  sleep(forMs: number): Promise<void>;
  ring(): void;
  close(): void;
}

export function setAlarm(folder: string, clock: Clock, signal: AbortSignal): Alarm {
  let bell = new AbortController();
  const ring = (): void => bell.abort();
  signal.addEventListener('abort', ring);
  const stopWatching = watchFolder(folder, ring);
  return {
    ring,
    async sleep(forMs) {
      await clock.sleep(PAUSE_MS);
      await clock.sleep(forMs, bell.signal);
      bell = new AbortController();
    },
    close() {
      signal.removeEventListener('abort', ring);
      stopWatching();
    },
  };
}

function watchFolder(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watch(folder, (_, name) => {
      if (!name?.endsWith(COPY_ENDING)) onChange();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    // The system has no watches left. Polling alone is slower by a quarter of a second.
    return () => {};
  }
}
