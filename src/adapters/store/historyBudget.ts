// The request budgets of vendor accounts, in the store: what was asked, who waits, and until when nobody may ask.
import { StoreError, succeed, type Result } from '../../model/failure.ts';
import type { Account, BudgetStore, Entry } from '../../model/outside.ts';
import type { Store } from './file/historySqlite.ts';
import { openStore, type StoreOptions } from './file/historyStore.ts';

export interface OpenBudget extends BudgetStore {
  close(): void;
}

/**
 * A request reaches the vendor between its start and its end, and at the latest so long after its start: until it is
 * over it counts as one that arrives only then, so that no stretch of the vendor's time holds too many, however
 * unevenly they travel.
 */
const arrivesWithinMs = 2_000;
/** Clocks tick unevenly. */
const marginMs = 10;
/** A request of a process that died is forgotten; longer than any exchange may last. */
const forgottenAfterMs = 60_000;
/** Whoever waits for something that nobody can foresee asks again so soon; somebody who does not is passed over. */
const pollMs = 100;
const overdueMs = 1_000;
/** Of whoever could not even stand in line, as the store was locked. */
const noTicket = 0;
/** Without a word from the vendor: doubled each time, as long as one refusal follows the other. */
const firstHoldMs = 500;
const longestHoldMs = 8_000;
const refusalsBelongTogetherMs = 30_000;
/** A vendor's word beyond this is not believed. */
const longestToldMs = 600_000;

/**
 * A connection of its own: what is lost of it in a power cut does not matter, so its writes need not wait for the disk.
 */
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
  // One that is heavier than the limit has to go alone.
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

/** What no longer counts; also what a clock that was set back has left in the future. */
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

/** 0: now. */
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

/** Refusals of requests that were on their way together count as one. */
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
