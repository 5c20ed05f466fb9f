// Who may change an environment now: leases in the store, which a dead process loses at once and a hanging one after a while.
import { hostname } from 'node:os';
import type { History } from '../model/ports.ts';
import type { Row, Store } from './historySqlite.ts';
import { isAlive, thisProcess } from './process.ts';

export type Leases = Pick<History, 'acquireLease' | 'renewLease' | 'releaseLease'>;

/** A lease belongs to one run in one process: a run that another process took up is another owner. */
export interface LeaseOwner {
  readonly host: string;
  readonly pid: number;
  readonly start?: string;
}

export function keepLeases(
  store: Store,
  now: () => number,
  owner: LeaseOwner = { host: hostname(), ...thisProcess() },
): Leases {
  const identity = [owner.host, owner.pid, owner.start ?? null] as const;
  const ownLease = 'environment = ? AND run_id = ? AND host = ? AND pid = ? AND process_start IS ?';
  return {
    acquireLease: (environment, runId, ttlMs) =>
      store.transaction(() => {
        const row = store.get(
          'SELECT leases.*, runs.number, runs.by FROM leases LEFT JOIN runs ON runs.id = leases.run_id WHERE environment = ?',
          environment,
        );
        if (row && !isOwn(row, runId, owner) && !isFree(row, owner.host, ttlMs, now()))
          return { held: false, by: describeHolder(row, owner.host) };
        store.run(
          'REPLACE INTO leases (environment, run_id, host, pid, process_start, renewed_at) VALUES (?, ?, ?, ?, ?, ?)',
          environment,
          runId,
          ...identity,
          now(),
        );
        return { held: true };
      }),
    renewLease: (environment, runId) =>
      store.run(`UPDATE leases SET renewed_at = ? WHERE ${ownLease}`, now(), environment, runId, ...identity).changes >
      0,
    releaseLease(environment, runId) {
      store.run(`DELETE FROM leases WHERE ${ownLease}`, environment, runId, ...identity);
    },
  };
}

function isOwn(row: Row, runId: string, owner: LeaseOwner): boolean {
  return (
    row['run_id'] === runId &&
    row['host'] === owner.host &&
    row['pid'] === owner.pid &&
    row['process_start'] === (owner.start ?? null)
  );
}

function isFree(row: Row, thisHost: string, ttlMs: number, nowMs: number): boolean {
  // A renewal in the future is one before the clock was set back: it says nothing any more.
  const ageMs = Math.abs(nowMs - Number(row['renewed_at']));
  return ageMs >= ttlMs || (row['host'] === thisHost && !isAlive(holderOf(row)));
}

function holderOf(row: Row): { pid: number; start?: string } {
  return { pid: Number(row['pid']), ...(row['process_start'] !== null && { start: String(row['process_start']) }) };
}

/** "run 12, started by Ann (process 4711)", for a person to know whom to ask. */
function describeHolder(row: Row, thisHost: string): string {
  const run =
    row['number'] === null
      ? `run ${String(row['run_id'])}`
      : `run ${String(row['number'])}, started by ${(JSON.parse(String(row['by'])) as { name: string }).name}`;
  return `${run} (process ${String(row['pid'])}${row['host'] === thisHost ? '' : ` on ${String(row['host'])}`})`;
}
