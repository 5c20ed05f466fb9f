// Stores the latest complete report of each verification: replaced at every evaluation, and read page by page.
import { inflateRawSync } from 'node:zlib';
import type { History } from '../../model/history.ts';
import { joinPages } from '../../model/evidence/reportPages.ts';
import type { Store } from './file/historySqlite.ts';

/** The number of runs whose reports are kept; for older runs, the journal has a shortened report. */
const keptRuns = 200;

export function keepReports(store: Store): Pick<History, 'saveReport' | 'report'> {
  function* pagesOf(runId: string, key: string): Generator<string> {
    // One query reads all pages, so that pages of two evaluations are not mixed.
    const rows = store.all('SELECT body FROM reports WHERE run_id = ? AND key = ? ORDER BY page', runId, key);
    for (const row of rows) yield inflateRawSync(row['body'] as Uint8Array).toString('utf8');
  }
  return {
    saveReport: (runId, key, lookedAtMs, pages) =>
      store.transaction(() => {
        const replaced = store.run('DELETE FROM reports WHERE run_id = ? AND key = ?', runId, key).changes;
        if (replaced === 0)
          store.run(
            'DELETE FROM reports WHERE run_id NOT IN (SELECT id FROM runs ORDER BY number DESC LIMIT ?)',
            keptRuns,
          );
        for (const [page, body] of pages.entries())
          store.run(
            'INSERT INTO reports (run_id, key, page, looked_at, body) VALUES (?, ?, ?, ?, ?)',
            runId,
            key,
            page,
            lookedAtMs,
            body,
          );
      }),
    report(runId, key) {
      const row = store.get('SELECT looked_at FROM reports WHERE run_id = ? AND key = ? AND page = 0', runId, key);
      return row && { lookedAtMs: Number(row['looked_at']), read: () => joinPages(pagesOf(runId, key)) };
    },
  };
}
