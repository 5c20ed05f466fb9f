// The newest build of each watched job that some window or terminal of this machine has seen, in the store, so that
// each is offered once.
import type { History } from '../../model/history.ts';
import type { Store } from './file/historySqlite.ts';

export type BuildHistory = Pick<History, 'noteBuild'>;

export function keepBuilds(store: Store): BuildHistory {
  return {
    noteBuild: (job, startedAtMs) =>
      store.transaction(() => {
        const row = store.get('SELECT started_at FROM watched_builds WHERE job = ?', job);
        if (row && Number(row['started_at']) >= startedAtMs) return 'known';
        store.run('REPLACE INTO watched_builds (job, started_at) VALUES (?, ?)', job, startedAtMs);
        return row ? 'new' : 'first';
      }),
  };
}
