// The store of this user on this machine: runs, releases, ledger, learned baselines and leases in one SQLite file.
import { succeed, type Result } from '../model/failure.ts';
import type { History } from '../model/ports.ts';
import { keepBuilds } from './historyBuilds.ts';
import { keepEvidence } from './historyEvidence.ts';
import { keepLeases, type LeaseOwner } from './historyLeases.ts';
import { keepReleases, type Blobs } from './historyReleases.ts';
import { keepReports } from './historyReports.ts';
import { keepRuns } from './historyRuns.ts';
import { openStore } from './historySqlite.ts';

export interface OpenHistory extends History, Blobs {
  close(): void;
}

/** Creates the file when there is none. A damaged file, or one of a newer Backstop, is refused and left as it is. `now` (epoch ms) and `steady` (of a clock that nobody sets): for leases. */
export function openHistory(
  path: string,
  now: () => number = Date.now,
  steady: () => number = now,
  owner?: LeaseOwner,
): Result<OpenHistory> {
  const opened = openStore(path);
  if (!opened.ok) return opened;
  const store = opened.value;
  return succeed({
    ...keepRuns(store),
    ...keepReports(store),
    ...keepEvidence(store),
    ...keepReleases(store),
    ...keepLeases(store, now, owner, steady),
    ...keepBuilds(store),
    close: () => store.close(),
  });
}
