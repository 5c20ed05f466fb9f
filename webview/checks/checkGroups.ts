// Metrics of one source with the same finding share an entry in the list of checks; each has its own picture below.
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';

export interface CheckGroup {
  readonly first: CheckSnapshot;
  readonly others: readonly CheckSnapshot[];
  /** The metric whose evidence is nearest to its threshold. */
  readonly nearest: CheckSnapshot;
}

/** In their given order; a failed check always has its own entry. */
export function groupChecks(checks: readonly CheckSnapshot[]): readonly CheckGroup[] {
  const groups = new Map<string, [CheckSnapshot, ...CheckSnapshot[]]>();
  for (const check of checks) {
    const { id, kind, outcome, source, running } = check;
    const key = kind === 'metric' && outcome !== 'fail' ? `${outcome}\n${source}\n${running}` : id;
    const group = groups.get(key);
    if (group) group.push(check);
    else groups.set(key, [check]);
  }
  return [...groups.values()].map(([first, ...others]) => ({
    first,
    others,
    nearest: others.reduce((most, check) => (shareOf(check) > shareOf(most) ? check : most), first),
  }));
}

function shareOf({ evidence }: CheckSnapshot): number {
  return evidence ? (evidence.looks.at(-1)?.evidence ?? 0) / evidence.threshold : 0;
}
