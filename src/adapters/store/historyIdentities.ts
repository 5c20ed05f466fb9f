// Stores which repository each service belongs to, and which nodes each service deploys to.
import { identityIn, plainService } from '../../model/identity.ts';
import type { History, IdentityQuery, Sharer } from '../../model/history.ts';
import type { Store } from './file/historySqlite.ts';

export type Identities = Pick<History, 'identityOf' | 'claim' | 'sharers' | 'takeOver' | 'identities'>;

/** The number of runs whose pipeline file is compared to find the owner of a service without an identity. */
const runsLookedAt = 50;

export function keepIdentities(store: Store): Identities {
  return {
    identityOf: query => findIdentity(store, query),
    claim: (query, nodes) =>
      store.transaction(() => {
        const identity = findIdentity(store, query);
        for (const [environment, names] of Object.entries(nodes)) {
          const rival = findSharers(store, identity, environment, names).find(
            other => plainService(other.identity) === query.service,
          );
          if (rival) return { identity, rival: { ...rival, environment } };
        }
        assign(store, query.service, query.repository.name, identity);
        for (const [environment, names] of Object.entries(nodes)) claimNodes(store, identity, environment, names);
        return { identity };
      }),
    sharers: (query, environment, nodes) => findSharers(store, findIdentity(store, query), environment, nodes),
    takeOver: ({ service, repository }, identity) =>
      store.transaction(() => assign(store, service, repository.name, identity)),
    identities: service =>
      store
        .all(
          `SELECT service FROM ledger UNION SELECT service FROM releases UNION SELECT service FROM runs
          UNION SELECT identity FROM identities ORDER BY 1`,
        )
        .map(row => String(row['service']))
        .filter(identity => plainService(identity) === service),
  };
}

function findIdentity(store: Store, { service, repository, file }: IdentityQuery): string {
  const known =
    assigned(store, service, repository.name) ??
    // The service may have been registered before the folder had a remote.
    assigned(store, service, repository.folder);
  if (known !== undefined) return known;
  return isUnclaimed(store, service) && wasRunFrom(store, service, file)
    ? service
    : identityIn(service, repository.name);
}

function assigned(store: Store, service: string, repository: string): string | undefined {
  const row = store.get('SELECT identity FROM identities WHERE service = ? AND repository = ?', service, repository);
  return row && String(row['identity']);
}

/** True if an older Backstop stored the service under its bare name, and no repository has claimed it since. */
function isUnclaimed(store: Store, service: string): boolean {
  return (
    store.get('SELECT 1 FROM identities WHERE identity = ?', service) === undefined &&
    store.get(
      `SELECT 1 FROM ledger WHERE service = ? UNION SELECT 1 FROM runs WHERE service = ? LIMIT 1`,
      service,
      service,
    ) !== undefined
  );
}

/** True if a run used this file. Without any runs, there is no other file to compare with. */
function wasRunFrom(store: Store, service: string, file: string): boolean {
  const files = store.all(
    `SELECT json_extract(events.body, '$.file') AS file FROM runs JOIN events ON events.run_id = runs.id
    AND events.type = 'run-started' WHERE runs.service = ? ORDER BY runs.number DESC LIMIT ?`,
    service,
    runsLookedAt,
  );
  return files.length === 0 || files.some(row => row['file'] === file);
}

function assign(store: Store, service: string, repository: string, identity: string): void {
  if (assigned(store, service, repository) === identity) return;
  store.run(
    `INSERT INTO identities (service, repository, identity) VALUES (?, ?, ?)
    ON CONFLICT (service, repository) DO UPDATE SET identity = excluded.identity`,
    service,
    repository,
    identity,
  );
  store.keep('identities', { service, repository, identity });
}

/**
 * Finds other services that deploy to these nodes: according to the nodes they claimed or, without claims, those they
 * were seen to deploy to.
 */
function findSharers(store: Store, identity: string, environment: string, nodes: readonly string[]): readonly Sharer[] {
  const rows = store.all(
    `SELECT identity, node FROM node_claims WHERE environment = ? UNION
    SELECT service, node FROM node_releases WHERE environment = ? AND NOT EXISTS (
      SELECT 1 FROM node_claims WHERE identity = node_releases.service AND environment = node_releases.environment
    )`,
    environment,
    environment,
  );
  const others = rows
    .map(row => ({ identity: String(row['identity']), node: String(row['node']) }))
    .filter(other => other.identity !== identity && nodes.includes(other.node));
  return [...Map.groupBy(others, other => other.identity)].map(([sharer, shared]) => ({
    identity: sharer,
    nodes: shared.map(({ node }) => node),
  }));
}

function claimNodes(store: Store, identity: string, environment: string, nodes: readonly string[]): void {
  store.run('DELETE FROM node_claims WHERE identity = ? AND environment = ?', identity, environment);
  for (const node of nodes)
    store.run(
      'INSERT OR IGNORE INTO node_claims (identity, environment, node) VALUES (?, ?, ?)',
      identity,
      environment,
      node,
    );
}
