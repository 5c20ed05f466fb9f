// The tables of the store, and the migrations from older versions.
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { fail, succeed, type Result } from '../../../model/failure.ts';

/** Migration i leads from version i to i + 1. Never edit a released migration; add a new one instead. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    pipeline TEXT NOT NULL,
    service TEXT NOT NULL,
    by TEXT NOT NULL,
    version TEXT NOT NULL,
    inputs TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    outcome TEXT,
    finished_at INTEGER
  ) STRICT;
  CREATE INDEX runs_of_service ON runs (service, number);

  CREATE TABLE events (
    run_id TEXT NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX releases_of_service ON releases (service, created_at);

  CREATE TABLE blobs (
    digest TEXT PRIMARY KEY,
    content BLOB NOT NULL
  ) STRICT;

  CREATE TABLE ledger (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    release TEXT NOT NULL,
    standing TEXT NOT NULL,
    run_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_of_environment ON ledger (service, environment, number);

  CREATE TABLE node_releases (
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    node TEXT NOT NULL,
    release TEXT,
    since INTEGER NOT NULL,
    PRIMARY KEY (service, environment, node)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE learned (
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (service, environment, source)
  ) STRICT;

  CREATE TABLE instructions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES runs (id),
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX instructions_of_run ON instructions (run_id, seq);

  CREATE TABLE leases (
    environment TEXT PRIMARY KEY,
    run_id TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_start TEXT,
    renewed_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE budget_requests (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    weight INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    open INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX budget_requests_of_account ON budget_requests (account, arrived_at, weight, open);

  CREATE TABLE budget_waiting (
    ticket INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    due_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE budget_holds (
    account TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    refusals INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE reports (
    run_id TEXT NOT NULL REFERENCES runs (id),
    key TEXT NOT NULL,
    page INTEGER NOT NULL,
    looked_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run_id, key, page)
  ) STRICT;

  CREATE TABLE watched_builds (
    job TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE evidence (
    run_id TEXT NOT NULL REFERENCES runs (id),
    key TEXT NOT NULL,
    environment TEXT NOT NULL,
    phase INTEGER NOT NULL,
    interval_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run_id, key)
  ) STRICT;

  CREATE TABLE pins (
    service TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    environment TEXT NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs (id),
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (service, pipeline, environment)
  ) STRICT, WITHOUT ROWID;
`,
  `
  CREATE TABLE generations (
    name TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    run_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE lease_waiting (
    ticket INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    run_id TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_start TEXT,
    renewed_at INTEGER NOT NULL,
    UNIQUE (environment, run_id)
  ) STRICT;

  CREATE TABLE open_hooks (
    run_id TEXT NOT NULL REFERENCES runs (id),
    key TEXT NOT NULL,
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX open_hooks_of_environment ON open_hooks (service, environment);

  INSERT INTO open_hooks (run_id, key, service, environment, at, body)
  SELECT intended.run_id, json_extract(intended.body, '$.call.key'), runs.service, json_extract(intended.body,
  '$.call.environment'), intended.at, intended.body
  FROM events AS intended JOIN runs ON runs.id = intended.run_id
  WHERE runs.outcome IS NULL AND intended.type = 'hook-intended' AND NOT EXISTS (
    SELECT 1 FROM events AS finished WHERE finished.run_id = intended.run_id AND finished.type = 'hook-finished'
    AND json_extract(finished.body, '$.key') = json_extract(intended.body, '$.call.key')
  );
`,
  `
  CREATE TABLE guards (
    run_id TEXT PRIMARY KEY REFERENCES runs (id),
    act TEXT NOT NULL,
    after_ms INTEGER NOT NULL,
    due_at INTEGER
  ) STRICT, WITHOUT ROWID;
`,
  `
  CREATE TABLE identities (
    service TEXT NOT NULL,
    repository TEXT NOT NULL,
    identity TEXT NOT NULL,
    PRIMARY KEY (service, repository)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE node_claims (
    identity TEXT NOT NULL,
    environment TEXT NOT NULL,
    node TEXT NOT NULL,
    PRIMARY KEY (identity, environment, node)
  ) STRICT, WITHOUT ROWID;
`,
];

/**
 * Migrates the store to the current version, after copying an older one. A store from a newer Backstop is refused and
 * not changed.
 */
export function migrate(
  database: DatabaseSync,
  path: string,
  migrations: readonly string[] = MIGRATIONS,
): Result<void> {
  if (versionOf(database) === migrations.length) return succeed(undefined);
  const before = versionOf(database);
  if (before > 0 && before < migrations.length) copyStore(database, `${path}.version-${before}`);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock, since another process may have migrated the store in the meantime.
    const version = versionOf(database);
    for (const migration of migrations.slice(version)) database.exec(migration);
    if (version < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
    if (version <= migrations.length) return succeed(undefined);
    return fail(
      'store',
      `The history ${path} has version ${version}; this Backstop knows versions up to ${migrations.length}.`,
      { hint: 'A newer Backstop has written it: update this one, or set BACKSTOP_HOME to another folder.' },
    );
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** A copy from an earlier migration is kept, because it is the older one. */
function copyStore(database: DatabaseSync, copy: string): void {
  if (existsSync(copy)) return;
  // Written under a temporary name first, so that a copy truncated by a full disk is not mistaken for a complete one.
  const unfinished = `${copy}.unfinished-${process.pid}`;
  rmSync(unfinished, { force: true });
  database.prepare('VACUUM INTO ?').run(unfinished);
  renameSync(unfinished, copy);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
