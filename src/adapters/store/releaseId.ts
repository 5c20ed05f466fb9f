// The ids of releases and configurations. They are digests of the content, so that neither can change under its id.
import { createHash } from 'node:crypto';
import type { Artifact, ConfigurationFile } from '../../model/release.ts';

/**
 * The id of a release in hex: SHA-256 over the service's identity, version, configuration and, if known, the
 * fingerprint of the artifact.
 */
export function releaseId(identity: string, { version, build }: Artifact, configurationDigest: string): string {
  const fingerprint = build?.file?.fingerprint;
  return digestOf(
    JSON.stringify([
      'release',
      identity,
      version,
      configurationDigest,
      ...(fingerprint === undefined ? [] : [fingerprint]),
    ]),
  );
}

/** The id of a configuration: SHA-256 over its files and variables, sorted by name. */
export function configurationDigest(
  files: readonly ConfigurationFile[],
  variables: Readonly<Record<string, string>>,
): string {
  const sortedFiles = files.map(({ path, digest }) => [path, digest]).sort(byName);
  return digestOf(JSON.stringify(['configuration', sortedFiles, Object.entries(variables).sort(byName)]));
}

/** Sorts by code units, so that the locale does not affect a digest. */
export function byName([one]: readonly string[], [other]: readonly string[]): number {
  return one! < other! ? -1 : one! > other! ? 1 : 0;
}

export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
