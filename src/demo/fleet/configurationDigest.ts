// The digest by which a configuration is known, from its content: so that a node can say what it runs, and a check can
// believe it.
import { createHash } from 'node:crypto';

export interface ConfigurationContent {
  /** Text by path, with slashes, relative to the workspace folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The same as BACKSTOP_CONFIG_DIGEST: hex sha-256 over paths with their contents' sha-256, and variables, in the order
 * of their names.
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
