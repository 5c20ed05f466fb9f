// One budget for each vendor account, shared by every run, window and terminal of this machine: requests wait for their
// turn, in the order in which they came.
import { createHash } from 'node:crypto';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Account, Budget, BudgetStore, GiveBack, Turn } from '../../model/outside.ts';
import type { Clock } from '../../model/ports.ts';

/** One account's part, for those who ask it. */
export interface Share {
  take(turn: Turn): Promise<Result<GiveBack>>;
  holdBack(afterMs?: number): void;
}

/** A digest, so that the store tells nobody whose account it is. */
export function nameAccount(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** This process's line of one account: only its head stands in the line of all processes. */
interface Line {
  tail: Promise<void>;
  /** Aborted when one of ours leaves, so that the head need not sleep on. */
  room: AbortController;
}

export function createBudget(store: BudgetStore, clock: Clock): Budget {
  const lines = new Map<string, Line>();
  const lineOf = (key: string): Line => {
    const line = lines.get(key) ?? { tail: Promise.resolve(), room: new AbortController() };
    lines.set(key, line);
    return line;
  };

  /** As the head of this process's line. */
  async function enter(account: Account, line: Line, turn: Turn): Promise<Result<GiveBack>> {
    for (let ticket: number | undefined; ;) {
      const entry = store.enter(account, { weight: turn.weight ?? 1, ...(ticket !== undefined && { ticket }) });
      if (entry.kind === 'admitted') return succeed(releaseOnce(store, entry.id, line));
      ticket = entry.ticket;
      const late = clock.now() + entry.forMs > turn.deadlineMs;
      if (!late)
        await clock.sleep(entry.forMs, AbortSignal.any([line.room.signal, ...(turn.signal ? [turn.signal] : [])]));
      if (late || turn.signal?.aborted) {
        store.giveUp(ticket);
        return refuse(turn);
      }
    }
  }

  return {
    async take(account, turn) {
      const line = lineOf(account.key);
      const before = line.tail,
        done = Promise.withResolvers<void>();
      line.tail = before.then(() => done.promise);
      try {
        const isHead = await comesInTime(before, clock, turn);
        return isHead && !turn.signal?.aborted ? await enter(account, line, turn) : refuse(turn);
      } catch (error) {
        return fail('store', 'The shared request budget could not be read or written.', {
          cause: error instanceof Error ? error.message : String(error),
        });
      } finally {
        done.resolve();
      }
    },
    holdBack(account, afterMs) {
      try {
        store.holdBack(account.key, afterMs);
      } catch {
        /* The next to take its turn is told of the broken store. */
      }
    },
  };
}

function releaseOnce(store: BudgetStore, id: number, line: Line): GiveBack {
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    try {
      store.leave(id);
    } catch {
      /* It expires by itself; the exchange went well, and whoever asks next is told of a broken store. */
    }
    line.room.abort();
    line.room = new AbortController();
  };
}

/** An account's key may only be known when it asks, since it is made from its credential. */
export function shareOf(budget: Budget, account: Account): Share {
  return { take: turn => budget.take(account, turn), holdBack: afterMs => budget.holdBack(account, afterMs) };
}

async function comesInTime(before: Promise<void>, clock: Clock, { deadlineMs, signal }: Turn): Promise<boolean> {
  const came = new AbortController();
  const late = clock
    .sleep(Math.max(0, deadlineMs - clock.now()), AbortSignal.any([came.signal, ...(signal ? [signal] : [])]))
    .then(() => false);
  try {
    return await Promise.race([before.then(() => true), late]);
  } finally {
    came.abort();
  }
}

function refuse({ signal }: Turn): Result<never> {
  return signal?.aborted
    ? fail('cancelled', 'Cancelled while it waited for its turn.')
    : fail(
        'rate-limited',
        "Its turn did not come in time: the account's request limit is shared by everything on this machine.",
      );
}
