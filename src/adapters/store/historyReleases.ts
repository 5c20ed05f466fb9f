// Stores releases with their content and standing, what every node runs, and what good deployments taught.
import type { LearnedEvents } from '../../model/evidence/evidence.ts';
import { identityOf } from '../../model/identity.ts';
import type { History } from '../../model/history.ts';
import type { LedgerEntry, Release, Standing } from '../../model/release.ts';
import { chainLedger } from './historyChain.ts';
import { StoreError } from './file/historyErrors.ts';
import { requireFences } from './historyRuns.ts';
import type { Row, Store } from './file/historySqlite.ts';
import { configurationDigest, releaseId } from './releaseId.ts';

type ReleaseHistory = Pick<History, 'saveRelease' | 'release' | 'releases' | 'record' | 'ledger'>;
type NodeHistory = Pick<History, 'setNodes' | 'forgetNodes' | 'nodes' | 'learned' | 'saveLearned'>;

/** Stores content under its SHA-256 (hex). */
export interface Blobs {
  saveBlob(digest: string, content: Uint8Array): void;
  readBlob(digest: string): Uint8Array | undefined;
}

/**
 * `releases` are listed newest first. Saving a release again keeps the first one: the same id means the same content.
 */
export function keepReleases(store: Store): ReleaseHistory & Blobs {
  return {
    saveRelease: release => store.transaction(() => saveRelease(store, release)),
    release(id) {
      const row = store.get('SELECT id, body FROM releases WHERE id = ?', id);
      return row && readRelease(row);
    },
    releases: service =>
      store
        .all('SELECT id, body FROM releases WHERE service = ? ORDER BY created_at DESC, id', service)
        .map(row => readRelease(row)),
    record: (entry, fence) =>
      store.transaction(() => {
        requireFences(store, fence ? [fence] : []);
        record(store, entry);
      }),
    ledger: (service, environment) =>
      store
        .all(
          'SELECT * FROM ledger WHERE service = ? AND environment = coalesce(?, environment) ORDER BY number',
          service,
          environment ?? null,
        )
        .map(readEntry),
    saveBlob(digest, content) {
      store.keepBlob(digest, content);
      store.run('INSERT INTO blobs (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING', digest, content);
    },
    readBlob: digest =>
      store.get('SELECT content FROM blobs WHERE digest = ?', digest)?.['content'] as Uint8Array | undefined,
  };
}

/** What the nodes of an environment run, and their known log events. */
export function keepNodes(store: Store): NodeHistory {
  return {
    setNodes: (service, environment, nodes, release, atMs, fence) =>
      store.transaction(() => {
        requireFences(store, fence ? [fence] : []);
        setNodes(store, service, environment, nodes, release, atMs);
      }),
    forgetNodes: (service, environment, nodes, fence) =>
      store.transaction(() => {
        requireFences(store, fence ? [fence] : []);
        for (const node of nodes) {
          const place = [service, environment, node] as const;
          const row = store.get(`SELECT * FROM node_releases WHERE ${placeOfNode}`, ...place);
          store.run(`DELETE FROM node_releases WHERE ${placeOfNode}`, ...place);
          if (row) store.keep('node_releases', row, undefined, true);
        }
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
    saveLearned: (service, environment, source, learned) =>
      store.transaction(() => {
        const row = { service, environment, source, body: JSON.stringify(learned) };
        store.run(
          'INSERT INTO learned (service, environment, source, body) VALUES (?, ?, ?, ' +
            '?) ON CONFLICT DO UPDATE SET body = excluded.body',
          ...[row.service, row.environment, row.source, row.body],
        );
        store.keep('learned', row);
      }),
  };
}

function saveRelease(store: Store, release: Release): void {
  const row = {
    id: release.id,
    service: identityOf(release),
    created_at: release.createdAt,
    body: JSON.stringify(release),
  };
  const { changes } = store.run(
    'INSERT INTO releases (id, service, created_at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[row.id, row.service, row.created_at, row.body],
  );
  if (changes > 0) store.keep('releases', row);
}

/** The id of a release is the digest of its content; a release that was changed in the store is not deployed. */
function readRelease({ id, body }: Row): Release {
  const release = parseRelease(String(body));
  if (release && release.id === id && isItself(release)) return release;
  throw new StoreError({
    kind: 'store',
    message:
      `Release ${String(id).slice(0, 12)} was changed in the history: ` +
      'its content does not have this digest any more. It is not deployed.',
    hint:
      'See what else was changed with: backstop audit --verify. Bring it back from the journal with: ' +
      'backstop doctor --repair',
  });
}

export function parseRelease(body: string): Release | undefined {
  try {
    return JSON.parse(body) as Release;
  } catch {
    return undefined;
  }
}

export function isItself(release: Release): boolean {
  const { id, artifact, configuration } = release;
  return (
    configurationDigest(configuration.files, configuration.variables) === configuration.digest &&
    releaseId(identityOf(release), artifact, configuration.digest) === id
  );
}

function record(store: Store, entry: LedgerEntry): void {
  const link = {
    service: entry.service,
    environment: entry.environment,
    release: entry.release,
    standing: entry.standing,
    run_id: entry.runId,
    at: entry.at,
    by: entry.by ?? null,
  };
  const before = store.get('SELECT hash FROM ledger ORDER BY number DESC LIMIT 1')?.['hash'];
  const row = { ...link, hash: chainLedger(before, link) };
  const { lastId } = store.run(
    'INSERT INTO ledger (service, environment, release, standing, run_id, at, by, hash) VALUES (?, ?, ?, ?, ?, ' +
      '?, ?, ?)',
    ...Object.values(row),
  );
  store.keep('ledger', { number: lastId, ...row });
}

const placeOfNode = 'service = ? AND environment = ? AND node = ?';

/** A node that already runs the release keeps the time since when it does. */
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
      ON CONFLICT DO UPDATE SET release = excluded.release,
      since = CASE WHEN release IS excluded.release THEN since ELSE excluded.since END`,
      service,
      environment,
      node,
      release,
      atMs,
    );
    store.keep(
      'node_releases',
      store.get(`SELECT * FROM node_releases WHERE ${placeOfNode}`, service, environment, node)!,
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
