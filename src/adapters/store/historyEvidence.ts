// Stores the evidence that canaries showed, and which run a person has pinned as the baseline for later ones.
import type { History, Pin } from '../../model/history.ts';
import type { Row, Store } from './file/historySqlite.ts';
import { readRun } from './historyRuns.ts';

/** The number of runs whose evidence is kept in addition to pinned ones. */
const keptRuns = 50;

type EvidenceHistory = Pick<History, 'saveEvidence' | 'evidence' | 'keptEnvironments' | 'lastGoodRun'>;
type PinHistory = Pick<History, 'pin' | 'unpin' | 'pinned' | 'pins'>;

export function keepEvidence(store: Store): EvidenceHistory {
  return {
    saveEvidence: ({ runId, environment, key, phase, intervalMs }, evidence) =>
      store.transaction(() => {
        store.run(
          'DELETE FROM evidence WHERE run_id NOT IN (SELECT run_id FROM pins) AND run_id NOT IN (SELECT id FROM ' +
            'runs ORDER BY number DESC LIMIT ?)',
          keptRuns,
        );
        store.run(
          'INSERT OR REPLACE INTO evidence (run_id, key, environment, phase, interval_ms, body) VALUES (?, ?, ?, ' +
            '?, ?, ?)',
          runId,
          key,
          environment,
          phase,
          intervalMs,
          evidence,
        );
      }),
    evidence(runId, environment, key) {
      const row = store.get(
        'SELECT interval_ms, body FROM evidence WHERE run_id = ? AND environment = ? ORDER BY key = ? DESC, ' +
          'phase DESC, key LIMIT 1',
        runId,
        environment,
        key,
      );
      return row && { intervalMs: Number(row['interval_ms']), evidence: row['body'] as Uint8Array };
    },
    keptEnvironments: runId =>
      store
        .all('SELECT DISTINCT environment FROM evidence WHERE run_id = ? ORDER BY environment', runId)
        .map(row => String(row['environment'])),
    lastGoodRun(runId, environment) {
      const row = store.get(
        `SELECT earlier.* FROM runs AS earlier JOIN runs AS this ON this.id = ? WHERE earlier.number < this.number
         AND earlier.service = this.service AND earlier.pipeline = this.pipeline
        AND earlier.outcome = 'promoted' AND EXISTS (SELECT 1 FROM evidence WHERE run_id = earlier.id
        AND environment = ?) ORDER BY earlier.number DESC LIMIT 1`,
        runId,
        environment,
      );
      return row && readRun(row);
    },
  };
}

export function keepPins(store: Store): PinHistory {
  return {
    pin: ({ service, pipeline, environment, runId, by, atMs }) =>
      store.transaction(() => {
        store.run(
          'INSERT OR REPLACE INTO pins (service, pipeline, environment, run_id, by, at) VALUES (?, ?, ?, ?, ?, ?)',
          service,
          pipeline,
          environment,
          runId,
          by,
          atMs,
        );
        store.keep('pins', { service, pipeline, environment, run_id: runId, by, at: atMs });
      }, 'lasting'),
    unpin: (pipeline, service, environment) =>
      store.transaction(() => {
        const { changes } = store.run(
          'DELETE FROM pins WHERE service = ? AND pipeline = ? AND environment = ?',
          service,
          pipeline,
          environment,
        );
        if (changes > 0) store.keep('pins', { service, pipeline, environment }, undefined, true);
        return changes > 0;
      }),
    pinned(pipeline, service, environment) {
      const row = store.get(
        'SELECT * FROM pins WHERE service = ? AND pipeline = ? AND environment = ?',
        service,
        pipeline,
        environment,
      );
      return row && readPin(row);
    },
    pins: () => store.all('SELECT * FROM pins ORDER BY service, pipeline, environment').map(readPin),
  };
}

function readPin(row: Row): Pin {
  return {
    service: String(row['service']),
    pipeline: String(row['pipeline']),
    environment: String(row['environment']),
    runId: String(row['run_id']),
    by: String(row['by']),
    atMs: Number(row['at']),
  };
}
