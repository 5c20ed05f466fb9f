// Stores the state of each run's guardian for people: what it is about to do, and when.
import { guardLease, type Guard, type History } from '../../model/history.ts';
import { isHeldByTheLiving } from './historyLeases.ts';
import type { Store } from './file/historySqlite.ts';

export type Guards = Pick<History, 'noteGuard' | 'guard'>;

export function keepGuards(store: Store): Guards {
  return {
    noteGuard(runId, guard) {
      if (guard)
        store.run(
          'REPLACE INTO guards (run_id, act, after_ms, due_at) VALUES (?, ?, ?, ?)',
          runId,
          guard.act,
          guard.afterMs,
          guard.dueAtMs ?? null,
        );
      else store.run('DELETE FROM guards WHERE run_id = ?', runId);
    },
    guard(runId) {
      const row = store.get('SELECT * FROM guards WHERE run_id = ?', runId);
      if (!row || !isHeldByTheLiving(store, guardLease(runId))) return undefined;
      return {
        act: String(row['act']) as Guard['act'],
        afterMs: Number(row['after_ms']),
        ...(row['due_at'] !== null && { dueAtMs: Number(row['due_at']) }),
      };
    },
  };
}
