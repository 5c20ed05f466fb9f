// A release is an artifact and its run-time configuration, together; the ledger says how each ended where.

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
  /** md5, hex, where the build recorded it. */
  readonly fingerprint?: string;
}

export interface ConfigurationFile {
  readonly path: string;
  /** sha-256, hex; the content lies in the store under it. */
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
   * sha-256 over service, version, the artifact's fingerprint and configuration digest; the first 12 characters are
   * shown to people.
   */
  readonly id: string;
  readonly service: string;
  readonly artifact: Artifact;
  readonly configuration: Configuration;
  readonly createdAt: number;
}

/** How a release stands in an environment. The newest entry of a release counts. */
export type Standing = 'deploying' | 'verified' | 'promoted-by-hand' | 'failed' | 'rolled-back' | 'held' | 'unverified';

export interface LedgerEntry {
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  readonly standing: Standing;
  readonly runId: string;
  readonly at: number;
  readonly by?: string;
}

/**
 * The release to go back to: the newest that ended verified (or promoted by hand) and is not the one that failed.
 * `entries` oldest first.
 */
export function findLastWorking(entries: readonly LedgerEntry[], except?: string): string | undefined {
  const newest = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    newest.delete(entry.release);
    newest.set(entry.release, entry);
  }
  return [...newest.values()]
    .reverse()
    .find(entry => entry.release !== except && (entry.standing === 'verified' || entry.standing === 'promoted-by-hand'))
    ?.release;
}

export interface ReleaseDifference {
  readonly version?: { readonly from: string; readonly to: string };
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'removed' | 'changed' }[];
  readonly variables: readonly { readonly name: string; readonly from?: string; readonly to?: string }[];
}

/** What changes when `to` takes the place of `from`. */
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
