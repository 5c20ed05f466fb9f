// The request budgets of vendor accounts, shared through the store: requests made, processes waiting, and until when an
// account must not be queried.
import { StoreError, succeed, type Result } from '../../model/failure.ts';
import type { Account, BudgetStore, Entry } from '../../model/outside.ts';
import type { Store } from './file/historySqlite.ts';
import { openStore, type StoreOptions } from './file/historyStore.ts';

export interface OpenBudget extends BudgetStore {
  close(): void;
}

/**
 * A request arrives at the vendor at some time between its start and its end, at most this long after its start. Until
 * it has ended, the latest time is assumed, so that no interval on the vendor's side contains too many requests,
 * however long each takes to arrive.
 */
const arrivesWithinMs = 2_000;
/** Tolerance for clocks that run at different speeds. */
const marginMs = 10;
/** Requests of a process that died are removed after this time, which is longer than any request can take. */
const forgottenAfterMs = 60_000;
/**
 * A waiting process asks again after `pollMs` if the time is not known. A process that does not ask for `overdueMs`
 * loses its place.
 */
const pollMs = 100;
const overdueMs = 1_000;
/** The ticket of a process that has no place in the queue because the store was locked. */
const noTicket = 0;
/** The first pause if the vendor gives no time; it doubles while refusals follow each other. */
const firstHoldMs = 500;
const longestHoldMs = 8_000;
const refusalsBelongTogetherMs = 30_000;
/** A longer pause requested by the vendor is not believed. */
const longestToldMs = 600_000;

/** Uses its own connection: its data does not need to survive a power failure, so writes need not wait for the disk. */
export function openBudgetStore(
  path: string,
  now: () => number = Date.now,
  random: () => number = Math.random,
  options: StoreOptions = {},
): Result<OpenBudget> {
  const opened = openStore(path, options);
  return opened.ok
    ? succeed({ ...keepBudgets(opened.value, () => Math.floor(now()), random), close: () => opened.value.close() })
    : opened;
}

function keepBudgets(store: Store, now: () => number, random: () => number): BudgetStore {
  return {
    enter(account, { weight, ticket = noTicket }) {
      try {
        const asked = { weight, ...(ticket !== noTicket && { ticket }) };
        return store.transaction(() => enter(store, account, asked, now()));
      } catch (error) {
        if (!(error instanceof StoreError) || !error.passes) throw error;
        return { kind: 'waits', ticket, forMs: pollMs };
      }
    },
    leave(id) {
      store.run('UPDATE budget_requests SET open = 0, arrived_at = min(arrived_at, ?) WHERE id = ?', now(), id);
    },
    giveUp(ticket) {
      store.run('DELETE FROM budget_waiting WHERE ticket = ?', ticket);
    },
    holdBack: (key, afterMs) => store.transaction(() => holdBack(store, key, afterMs, now(), random())),
  };
}

function enter(
  store: Store,
  account: Account,
  { weight, ticket }: { readonly weight: number; readonly ticket?: number },
  nowMs: number,
): Entry {
  forget(store, account, nowMs);
  const { key } = account;
  const ahead = count(
    store,
    'SELECT count(*) AS n FROM budget_waiting WHERE account = ? AND ticket < ?',
    key,
    ticket ?? Number.MAX_SAFE_INTEGER,
  );
  // A request heavier than the limit must be sent alone.
  const forMs = waitOf(store, account, ahead + Math.min(weight, account.limits.requests), ahead + 1, nowMs);
  if (forMs <= 0) {
    if (ticket !== undefined) store.run('DELETE FROM budget_waiting WHERE ticket = ?', ticket);
    return {
      kind: 'admitted',
      id: store.run(
        'INSERT INTO budget_requests (account, weight, started_at, arrived_at, open) VALUES (?, ?, ?, ?, 1)',
        key,
        weight,
        nowMs,
        nowMs + arrivesWithinMs,
      ).lastId,
    };
  }
  const dueMs = nowMs + forMs + overdueMs;
  return {
    kind: 'waits',
    ticket: store.run(
      'REPLACE INTO budget_waiting (ticket, account, due_at) VALUES (?, ?, ?)',
      ticket ?? null,
      key,
      dueMs,
    ).lastId,
    forMs,
  };
}

/** Deletes rows that no longer count, and rows in the future that were written before the clock was set back. */
function forget(store: Store, { key, limits }: Account, nowMs: number): void {
  store.run(
    'DELETE FROM budget_requests WHERE started_at <= ? OR (account = ? AND ((open = 0 AND arrived_at <= ?) OR ' +
      'started_at > ?))',
    nowMs - Math.max(forgottenAfterMs, limits.perMs + arrivesWithinMs),
    key,
    nowMs - limits.perMs - marginMs,
    nowMs + marginMs,
  );
  store.run('DELETE FROM budget_waiting WHERE due_at < ? OR due_at > ?', nowMs, nowMs + longestToldMs * 2);
  store.run(
    'DELETE FROM budget_holds WHERE until < ? OR until > ?',
    nowMs - refusalsBelongTogetherMs,
    nowMs + longestToldMs * 2,
  );
}

/** Zero means now. */
function waitOf(store: Store, { key, limits }: Account, weight: number, places: number, nowMs: number): number {
  const heldMs = Number(store.get('SELECT until FROM budget_holds WHERE account = ?', key)?.['until'] ?? 0) - nowMs;
  if (heldMs > 0) return heldMs;
  const open = count(store, 'SELECT count(*) AS n FROM budget_requests WHERE account = ? AND open = 1', key);
  if (open + places > limits.concurrent) return pollMs;
  const sinceMs = nowMs - limits.perMs - marginMs;
  let excess =
    count(
      store,
      'SELECT coalesce(sum(weight), 0) AS n FROM budget_requests WHERE account = ? AND arrived_at > ?',
      key,
      sinceMs,
    ) +
    weight -
    limits.requests;
  if (excess <= 0) return 0;
  for (const row of store.all(
    'SELECT weight, arrived_at, open FROM budget_requests WHERE account = ? AND arrived_at > ? ORDER BY open, ' +
      'arrived_at',
    key,
    sinceMs,
  )) {
    if (row['open'] === 1) return pollMs;
    excess -= Number(row['weight']);
    if (excess <= 0) return Math.max(1, Number(row['arrived_at']) - sinceMs);
  }
  return limits.perMs;
}

/** Refusals of simultaneous requests count as one. */
function holdBack(store: Store, key: string, afterMs: number | undefined, nowMs: number, chance: number): void {
  const row = store.get('SELECT until, refusals FROM budget_holds WHERE account = ?', key);
  const untilMs = Number(row?.['until'] ?? 0);
  if (afterMs === undefined && untilMs > nowMs) return;
  const refusals = row && nowMs - untilMs < refusalsBelongTogetherMs ? Number(row['refusals']) + 1 : 1;
  const holdMs =
    afterMs === undefined
      ? (Math.min(longestHoldMs, firstHoldMs * 2 ** (refusals - 1)) * (1 + chance)) / 2
      : Math.min(longestToldMs, afterMs) + chance * Math.min(500, afterMs / 4);
  store.run(
    'REPLACE INTO budget_holds (account, until, refusals) VALUES (?, ?, ?)',
    key,
    Math.ceil(Math.max(untilMs, nowMs + holdMs)),
    refusals,
  );
}

function count(store: Store, sql: string, ...values: (string | number)[]): number {
  return Number(store.get(sql, ...values)?.['n']);
}
