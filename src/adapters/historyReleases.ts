// Releases with their content, where each stands, what every node runs, and what good deployments taught, in the store.
import type { LearnedEvents } from '../model/evidence.ts';
import type { History } from '../model/ports.ts';
import type { LedgerEntry, Release, Standing } from '../model/release.ts';
import { requireFences } from './historyRuns.ts';
import type { Row, Store } from './historySqlite.ts';

export type ReleaseHistory = Pick<
  History,
  'saveRelease' | 'release' | 'releases' | 'record' | 'ledger' | 'setNodes' | 'nodes' | 'learned' | 'saveLearned'
>;

/** Content under its sha-256 (hex). */
export interface Blobs {
  saveBlob(digest: string, content: Uint8Array): void;
  readBlob(digest: string): Uint8Array | undefined;
}

/** `releases` come newest first. A release saved again keeps its first form: its id says that the content is the same. */
export function keepReleases(store: Store): ReleaseHistory & Blobs {
  return {
    saveRelease(release) {
      store.run(
        'INSERT INTO releases (id, service, created_at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        release.id,
        release.service,
        release.createdAt,
        JSON.stringify(release),
      );
    },
    release(id) {
      const row = store.get('SELECT body FROM releases WHERE id = ?', id);
      return row && (JSON.parse(String(row['body'])) as Release);
    },
    releases: service =>
      store
        .all('SELECT body FROM releases WHERE service = ? ORDER BY created_at DESC, id', service)
        .map(row => JSON.parse(String(row['body'])) as Release),
    record: (entry, fence) =>
      store.transaction(() => {
        requireFences(store, fence ? [fence] : []);
        store.run(
          'INSERT INTO ledger (service, environment, release, standing, run_id, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)',
          entry.service,
          entry.environment,
          entry.release,
          entry.standing,
          entry.runId,
          entry.at,
          entry.by ?? null,
        );
      }),
    ledger: (service, environment) =>
      store
        .all(
          'SELECT * FROM ledger WHERE service = ? AND environment = coalesce(?, environment) ORDER BY number',
          service,
          environment ?? null,
        )
        .map(readEntry),
    setNodes: (service, environment, nodes, release, atMs, fence) =>
      store.transaction(() => {
        requireFences(store, fence ? [fence] : []);
        setNodes(store, service, environment, nodes, release, atMs);
      }),
    nodes: (service, environment) =>
      store
        .all(
          'SELECT node, release, since FROM node_releases WHERE service = ? AND environment = ? ORDER BY node',
          service,
          environment,
        )
        .map(row => ({
          node: String(row['node']),
          release: row['release'] === null ? null : String(row['release']),
          sinceMs: Number(row['since']),
        })),
    learned(service, environment, source) {
      const row = store.get(
        'SELECT body FROM learned WHERE service = ? AND environment = ? AND source = ?',
        service,
        environment,
        source,
      );
      return row && (JSON.parse(String(row['body'])) as LearnedEvents);
    },
    saveLearned(service, environment, source, learned) {
      store.run(
        'INSERT INTO learned (service, environment, source, body) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
        service,
        environment,
        source,
        JSON.stringify(learned),
      );
    },
    saveBlob(digest, content) {
      store.run('INSERT INTO blobs (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING', digest, content);
    },
    readBlob: digest =>
      store.get('SELECT content FROM blobs WHERE digest = ?', digest)?.['content'] as Uint8Array | undefined,
  };
}

/** A node told again to run what it runs keeps the time since which it does. */
function setNodes(
  store: Store,
  service: string,
  environment: string,
  nodes: readonly string[],
  release: string | null,
  atMs: number,
): void {
  for (const node of nodes) {
    store.run(
      `INSERT INTO node_releases (service, environment, node, release, since) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET release = excluded.release, since = CASE WHEN release IS excluded.release THEN since ELSE excluded.since END`,
      service,
      environment,
      node,
      release,
      atMs,
    );
  }
}

function readEntry(row: Row): LedgerEntry {
  return {
    service: String(row['service']),
    environment: String(row['environment']),
    release: String(row['release']),
    standing: String(row['standing']) as Standing,
    runId: String(row['run_id']),
    at: Number(row['at']),
    ...(row['by'] !== null && { by: String(row['by']) }),
  };
}
