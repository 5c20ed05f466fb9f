// The digest of a configuration's content, so that a node can report its configuration and a check can verify it.
import { createHash } from 'node:crypto';

export interface ConfigurationContent {
  /** Text by path, with slashes, relative to the workspace folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The same as BACKSTOP_CONFIG_DIGEST: hex sha-256 over paths with their contents' sha-256, and variables, sorted by
 * name.
 */
export function digestConfiguration({ files, variables }: ConfigurationContent): string {
  const digests = Object.entries(files).map(([path, text]): [string, string] => [path, sha256(text)]);
  return sha256(JSON.stringify(['configuration', digests.sort(byName), Object.entries(variables).sort(byName)]));
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
