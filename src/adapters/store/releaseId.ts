// What a release and a configuration are called: digests of what they are, so that neither can be changed under its
// name.
import { createHash } from 'node:crypto';
import type { Artifact, ConfigurationFile } from '../../model/release.ts';

/**
 * What a release is called: sha-256 over the service's identity, version, configuration and, where it has one, the
 * artifact's fingerprint, hex.
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

/** What a configuration is called: sha-256 over its files and variables, in the order of their names. */
export function configurationDigest(
  files: readonly ConfigurationFile[],
  variables: Readonly<Record<string, string>>,
): string {
  const sortedFiles = files.map(({ path, digest }) => [path, digest]).sort(byName);
  return digestOf(JSON.stringify(['configuration', sortedFiles, Object.entries(variables).sort(byName)]));
}

/** By code units, so that no locale changes a digest. */
export function byName([one]: readonly string[], [other]: readonly string[]): number {
  return one! < other! ? -1 : one! > other! ? 1 : 0;
}

export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
