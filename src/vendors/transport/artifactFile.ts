// Finds the one artifact of a build that a pipeline's pattern means.
import { fail, succeed, type Result } from '../../model/failure.ts';

/** Exactly one of `paths` must match; otherwise the failure's message completes "it ...". */
export function findArtifactFile(paths: readonly string[], pattern: string): Result<string> {
  const [only, ...others] = paths.filter(path => matchesPath(path, pattern));
  if (only !== undefined && others.length === 0) return succeed(only);
  const shown = (only === undefined ? paths : [only, ...others]).slice(0, 5).join(', ');
  if (only === undefined)
    return fail('not-found', `has no artifact that matches ${pattern} (it kept ${shown === '' ? 'none' : shown})`);
  return fail('invalid', `has ${others.length + 1} artifacts that match ${pattern}, and one is wanted (${shown})`);
}

/** `**` stands for any folders, also for none; `*` and `?` for signs of one name. */
export function matchesPath(path: string, pattern: string): boolean {
  return matchParts(path.split('/'), pattern.split('/'));
}

function matchParts(parts: readonly string[], patterns: readonly string[]): boolean {
  // Which beginnings of the path the patterns so far can take up: no backtracking, however many stars there are.
  let reached = new Set([0]);
  for (const pattern of patterns) {
    const next = new Set<number>();
    for (const at of reached) {
      if (pattern === '**') for (let to = at; to <= parts.length; to++) next.add(to);
      else if (at < parts.length && matchName(parts[at]!, pattern)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}

function matchName(name: string, pattern: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (sign === '*') for (let to = at; to <= name.length; to++) next.add(to);
      else if (at < name.length && (sign === '?' || name.startsWith(sign, at))) next.add(at + sign.length);
    }
    reached = next;
  }
  return reached.has(name.length);
}
