// A release is an artifact together with its run-time configuration; the ledger records how each one ended.

export interface Artifact {
  readonly version: string;
  readonly build?: {
    readonly job: string;
    readonly number: number;
    readonly url: string;
    readonly file?: ArtifactFile;
  };
}

/** The file of a build that is deployed. */
export interface ArtifactFile {
  readonly path: string;
  readonly url: string;
  /** md5, hex, if the build recorded it. */
  readonly fingerprint?: string;
}

export interface ConfigurationFile {
  readonly path: string;
  /** sha-256, hex; the store has the content under it. */
  readonly digest: string;
  readonly sizeBytes: number;
}

export interface Configuration {
  /** sha-256 over paths, digests and variables, hex. */
  readonly digest: string;
  readonly files: readonly ConfigurationFile[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface Release {
  /**
   * sha-256 over the service's identity, version, the artifact's fingerprint and the configuration digest; people see
   * its first 12 characters.
   */
  readonly id: string;
  readonly service: string;
  /** Absent in releases of an older Backstop. */
  readonly identity?: string;
  readonly artifact: Artifact;
  readonly configuration: Configuration;
  readonly createdAt: number;
}

/**
 * The status of a release in an environment. Its latest entry counts. `deployed`: by the steps of a stage that has no
 * check; `unverified`: by a canary of which no phase was verified.
 */
export type Standing =
  'deploying' | 'verified' | 'deployed' | 'promoted-by-hand' | 'failed' | 'rolled-back' | 'held' | 'unverified';
/** True if a rollback may restore a release with this status. */
const working: ReadonlySet<Standing> = new Set(['verified', 'deployed', 'promoted-by-hand']);

/** The `runId` of an entry that a person recorded by adopting what runs. */
export const adoptedRunId = 'adopted';

export interface LedgerEntry {
  /** Its identity. */
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  readonly standing: Standing;
  readonly runId: string;
  readonly at: number;
  readonly by?: string;
}

/**
 * The release to restore: the latest one that is verified or was manually promoted, other than the failed one; in
 * stages without a check, the latest one that their steps deployed. `entries` are oldest first.
 */
export function findLastWorking(entries: readonly LedgerEntry[], except?: string): string | undefined {
  const newest = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    newest.delete(entry.release);
    newest.set(entry.release, entry);
  }
  return [...newest.values()].reverse().find(entry => entry.release !== except && working.has(entry.standing))?.release;
}

/**
 * The release that a rollback by hand restores if none is named. `running`: what the nodes run; null is an unknown
 * release. The current release is restored too, if it is the last working one and a node runs one that does not count
 * as working, as after a rollback that reached some of the nodes.
 */
export function findRollbackTarget(
  entries: readonly LedgerEntry[],
  current: string | undefined,
  running: Iterable<string | null>,
): string | undefined {
  const last = findLastWorking(entries);
  const isWorking = (release: string | null): boolean => {
    const newest = entries.findLast(entry => entry.release === release);
    return newest !== undefined && working.has(newest.standing);
  };
  const isLeft = last !== undefined && current === last && [...running].some(release => !isWorking(release));
  return isLeft ? last : findLastWorking(entries, current);
}

export interface ReleaseDifference {
  readonly version?: { readonly from: string; readonly to: string };
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'removed' | 'changed' }[];
  readonly variables: readonly { readonly name: string; readonly from?: string; readonly to?: string }[];
}

/** What changes if `to` replaces `from`. */
export function compareReleases(from: Release, to: Release): ReleaseDifference {
  const before = new Map(from.configuration.files.map(file => [file.path, file.digest]));
  const after = new Map(to.configuration.files.map(file => [file.path, file.digest]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const names = [
    ...new Set([...Object.keys(from.configuration.variables), ...Object.keys(to.configuration.variables)]),
  ].sort();
  return {
    ...(from.artifact.version !== to.artifact.version && {
      version: { from: from.artifact.version, to: to.artifact.version },
    }),
    files: paths
      .filter(path => before.get(path) !== after.get(path))
      .map(path => ({
        path,
        change: !before.has(path) ? ('added' as const) : !after.has(path) ? ('removed' as const) : ('changed' as const),
      })),
    variables: names
      .map(name => ({ name, from: from.configuration.variables[name], to: to.configuration.variables[name] }))
      .filter(({ from, to }) => from !== to),
  };
}
