// The store of this user on this machine: runs, releases, ledger, learned baselines and leases in one SQLite file.
import { succeed, type Result } from '../../model/failure.ts';
import type { History } from '../../model/history.ts';
import { keepBuilds } from './historyBuilds.ts';
import { keepEvidence, keepPins } from './historyEvidence.ts';
import { keepGuards } from './historyGuards.ts';
import { keepIdentities } from './historyIdentities.ts';
import { keepLeases } from './historyLeases.ts';
import { keepNodes, keepReleases, type Blobs } from './historyReleases.ts';
import { keepReports } from './historyReports.ts';
import { keepRuns } from './historyRuns.ts';
import { openStore, type StoreOptions } from './file/historyStore.ts';

export interface OpenHistory extends History, Blobs {
  close(): void;
}

export interface HistoryOptions extends StoreOptions {
  /** A monotonic clock for leases, in ms. Default: `now`. */
  readonly steady?: () => number;
}

/**
 * Creates the file if it does not exist. A damaged file, or one of a newer Backstop, is refused and not changed. `now`
 * is for leases, in epoch ms.
 */
export function openHistory(
  path: string,
  now: () => number = Date.now,
  { steady = now, ...options }: HistoryOptions = {},
): Result<OpenHistory> {
  const opened = openStore(path, options);
  if (!opened.ok) return opened;
  const store = opened.value;
  return succeed({
    ...keepRuns(store),
    ...keepReports(store),
    ...keepEvidence(store),
    ...keepPins(store),
    ...keepReleases(store),
    ...keepNodes(store),
    ...keepIdentities(store),
    ...keepLeases(store, now, undefined, steady),
    ...keepGuards(store),
    ...keepBuilds(store),
    takeNotices: () => store.takeNotices(),
    close: () => store.close(),
  });
}
