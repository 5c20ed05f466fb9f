// Stores who may change an environment now. A dead process loses its leases at once, and a hanging process after a
// while.
import { hostname } from 'node:os';
import type { History, LeaseAnswer, LeaseWish } from '../../model/history.ts';
import type { Fence } from '../../model/runs/takenOver.ts';
import type { Row, Store } from './file/historySqlite.ts';
import { isAlive, thisProcess } from '../process.ts';

export type Leases = Pick<
  History,
  'acquireLease' | 'renewLease' | 'releaseLease' | 'holds' | 'lastHolder' | 'isRunning'
>;

/**
 * The share of a lease's time for which a live holder is watched before its lease counts as stale, since the clock may
 * have been set. A healthy holder renews more often.
 */
const watchedShare = 0.4;

/** A lease belongs to one run in one process. If another process resumes the run, it is a different owner. */
export interface LeaseOwner {
  readonly host: string;
  readonly pid: number;
  readonly start?: string;
}

/** `now` is in epoch ms; `steady` is a monotonic clock. */
export function keepLeases(
  store: Store,
  now: () => number,
  owner: LeaseOwner = { host: hostname(), ...thisProcess() },
  steady: () => number = now,
): Leases {
  const identity = [owner.host, owner.pid, owner.start ?? null] as const;
  const acquire = createAcquire({ store, now, owner, identity }, createSilences({ now, owner }, steady));
  return {
    acquireLease: (name, runId, ttlMs, wish = {}) => store.transaction(() => acquire(name, runId, ttlMs, wish)),
    renewLease: (name, runId) =>
      store.run(`UPDATE leases SET renewed_at = ? WHERE ${ownLease}`, now(), name, runId, ...identity).changes > 0,
    releaseLease(name, runId) {
      store.run(`DELETE FROM leases WHERE ${ownLease}`, name, runId, ...identity);
      store.run(`DELETE FROM lease_waiting WHERE ${ownLease}`, name, runId, ...identity);
    },
    holds: fence => holdsFence(store, fence) || store.transaction(() => holdsFenceAgain(store, fence)),
    lastHolder(name) {
      const row = store.get('SELECT run_id FROM generations WHERE name = ?', name);
      return row && String(row['run_id']);
    },
    isRunning: runId => isHeldByTheLiving(store, `run ${runId}`, owner.host),
  };
}

const ownLease = 'environment = ? AND run_id = ? AND host = ? AND pid = ? AND process_start IS ?';

interface LeaseStore {
  readonly store: Store;
  readonly now: () => number;
  readonly owner: LeaseOwner;
  /** The owner in the form of a table row. */
  readonly identity: readonly [host: string, pid: number, start: string | null];
}

interface Silences {
  isFree(name: string, row: Row, ttlMs: number): 'free' | 'silent' | 'held';
  forget(name: string): void;
}

function createSilences({ now, owner }: Pick<LeaseStore, 'now' | 'owner'>, steady: () => number): Silences {
  const silences = new Map<string, { readonly row: string; readonly sinceMs: number }>();

  /** How long this process has seen the lease unchanged. */
  function watchedForMs(name: string, row: Row): number {
    const seen = JSON.stringify([row['run_id'], row['pid'], row['renewed_at']]);
    const before = silences.get(name);
    if (before?.row === seen) return steady() - before.sinceMs;
    silences.set(name, { row: seen, sinceMs: steady() });
    return 0;
  }

  return {
    isFree(name, row, ttlMs) {
      if (isDead(row, owner.host)) return 'free';
      // A renewal in the future was written before the clock was set back, so it means nothing.
      if (Math.abs(now() - Number(row['renewed_at'])) < ttlMs) return 'held';
      return watchedForMs(name, row) >= ttlMs * watchedShare ? 'free' : 'silent';
    },
    forget: name => silences.delete(name),
  };
}

/** Must be called in a transaction. */
function createAcquire(
  leases: LeaseStore,
  silences: Silences,
): (name: string, runId: string, ttlMs: number, wish: LeaseWish) => LeaseAnswer {
  const { store, now, owner, identity } = leases;
  return (name, runId, ttlMs, { queue = false, refuse: notYet }) => {
    const row = store.get(
      'SELECT leases.*, runs.number, runs.by FROM leases LEFT JOIN runs ON runs.id = leases.run_id WHERE ' +
        'environment = ?',
      name,
    );
    const last = store.get('SELECT generation, run_id FROM generations WHERE name = ?', name);
    if (row && last && isOwn(row, runId, owner)) {
      store.run(`UPDATE leases SET renewed_at = ? WHERE ${ownLease}`, now(), name, runId, ...identity);
      return { held: true, generation: Number(last['generation']) };
    }
    const standing = row ? silences.isFree(name, row, ttlMs) : 'free';
    if (row && standing !== 'free')
      return {
        ...refuse(leases, name, runId, describeHolder(row, owner.host), queue),
        ...(standing === 'silent' && { silent: true }),
      };
    const first = last?.['run_id'] === runId ? undefined : firstInLine(leases, name, ttlMs);
    if (first && first['run_id'] !== runId)
      return refuse(leases, name, runId, describeHolder(first, owner.host), queue);
    const why = notYet?.();
    if (why !== undefined) return refuse(leases, name, runId, why, queue);
    silences.forget(name);
    return take(leases, name, runId);
  };
}

function firstInLine({ store, now, owner }: LeaseStore, name: string, ttlMs: number): Row | undefined {
  return store
    .all(
      'SELECT waiting.*, runs.number, runs.by FROM lease_waiting AS waiting LEFT JOIN runs ON runs.id = ' +
        'waiting.run_id WHERE environment = ? ORDER BY ticket',
      name,
    )
    .find(row => !isDead(row, owner.host) && Math.abs(now() - Number(row['renewed_at'])) < ttlMs);
}

function refuse(
  { store, now, identity }: LeaseStore,
  name: string,
  runId: string,
  by: string,
  queue: boolean,
): { readonly held: false; by: string } {
  if (queue)
    store.run(
      `INSERT INTO lease_waiting (environment, run_id, host, pid, process_start, renewed_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (environment, run_id) DO UPDATE SET host = excluded.host, pid = excluded.pid,
        process_start = excluded.process_start, renewed_at = excluded.renewed_at`,
      name,
      runId,
      ...identity,
      now(),
    );
  return { held: false, by };
}

function take(
  { store, now, identity }: LeaseStore,
  name: string,
  runId: string,
): { readonly held: true; readonly generation: number } {
  const generation = Number(
    store.get(
      `INSERT INTO generations (name, generation, run_id) VALUES (?, 1, ?)
        ON CONFLICT (name) DO UPDATE SET generation = generation + 1, run_id = excluded.run_id RETURNING generation`,
      name,
      runId,
    )?.['generation'],
  );
  store.keep('generations', { name, generation, run_id: runId });
  store.run(
    'REPLACE INTO leases (environment, run_id, host, pid, process_start, renewed_at) VALUES (?, ?, ?, ?, ?, ?)',
    name,
    runId,
    ...identity,
    now(),
  );
  store.run('DELETE FROM lease_waiting WHERE environment = ? AND run_id = ?', name, runId);
  return { held: true, generation };
}

export function isHeldByTheLiving(store: Store, name: string, thisHost = hostname()): boolean {
  const row = store.get('SELECT * FROM leases WHERE environment = ?', name);
  return row !== undefined && !isDead(row, thisHost);
}

export function holdsFence(store: Store, { name, generation }: Fence): boolean {
  return generationOf(store, name) === generation;
}

/**
 * Must be called in a transaction. A store restored from a backup may lack this generation, while the second journal
 * has it.
 */
export function holdsFenceAgain(store: Store, fence: Fence): boolean {
  return generationOf(store, fence.name) < fence.generation && store.restore() && holdsFence(store, fence);
}

function generationOf(store: Store, name: string): number {
  return Number(store.get('SELECT generation FROM generations WHERE name = ?', name)?.['generation'] ?? 0);
}

function isOwn(row: Row, runId: string, owner: LeaseOwner): boolean {
  return (
    row['run_id'] === runId &&
    row['host'] === owner.host &&
    row['pid'] === owner.pid &&
    row['process_start'] === (owner.start ?? null)
  );
}

/** A holder on another machine always counts as alive. */
function isDead(row: Row, thisHost: string): boolean {
  return row['host'] === thisHost && !isAlive(holderOf(row));
}

function holderOf(row: Row): { pid: number; start?: string } {
  return { pid: Number(row['pid']), ...(row['process_start'] !== null && { start: String(row['process_start']) }) };
}

/** The text "run 12, started by Ann (process 4711)", so that the user knows whom to ask. */
function describeHolder(row: Row, thisHost: string): string {
  const run =
    row['number'] === null
      ? `run ${String(row['run_id'])}`
      : `run ${String(row['number'])}, started by ${(JSON.parse(String(row['by'])) as { name: string }).name}`;
  return `${run} (process ${String(row['pid'])}${row['host'] === thisHost ? '' : ` on ${String(row['host'])}`})`;
}
