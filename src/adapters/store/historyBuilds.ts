// Keeps the newest build of each watched job that any window or terminal of this machine has seen, so that each build
// is offered once. For jobs whose builds have no times, it keeps every version seen.
import type { History } from '../../model/history.ts';
import type { Store } from './file/historySqlite.ts';

export type BuildHistory = Pick<History, 'noteBuild' | 'noteVersions'>;

export function keepBuilds(store: Store): BuildHistory {
  const note = (job: string, startedAtMs: number): 'first' | 'new' | 'known' => {
    const row = store.get('SELECT started_at FROM watched_builds WHERE job = ?', job);
    if (row && Number(row['started_at']) >= startedAtMs) return 'known';
    store.run('REPLACE INTO watched_builds (job, started_at) VALUES (?, ?)', job, startedAtMs);
    return row ? 'new' : 'first';
  };
  return {
    noteBuild: (job, startedAtMs) => store.transaction(() => note(job, startedAtMs)),
    noteVersions: (job, versions) =>
      store.transaction(() => {
        const seen = note(job, 0),
          [newest] = versions.map(version => note(JSON.stringify([job, version]), 0));
        return seen === 'known' && newest === 'first' ? 'new' : seen;
      }),
  };
}
