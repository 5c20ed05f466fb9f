// The digest by which a configuration is known, from its content: so that a node can say what it runs, and a check can believe it.
import { createHash } from 'node:crypto';

export interface ConfigurationContent {
  /** Text by path, with slashes, relative to the workspace folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

/** Hex sha-256 over paths, contents' sha-256 and variables, in the order of their names. */
export function digestConfiguration({ files, variables }: ConfigurationContent): string {
  const parts = {
    files: sortedEntries(files).map(([path, text]) => [path, sha256(text)]),
    variables: sortedEntries(variables),
  };
  return sha256(JSON.stringify(parts));
}

function sortedEntries(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([left], [right]) => left < right ? -1 : 1);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
