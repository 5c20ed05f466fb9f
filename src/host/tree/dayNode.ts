// The runs of one day.
import type { RunSummary } from '../../model/history.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import type { TreeNode } from './treeNode.ts';

const dayMs = 24 * 3_600_000;

export function dayNodes(
  runs: readonly RunSummary[],
  nowMs: number,
  t: Translate,
  toNode: (run: RunSummary) => TreeNode,
): readonly TreeNode[] {
  const days = Map.groupBy(runs, run => dayOf(run.startedAtMs));
  return [...days].map(([day, ofDay], index): TreeNode => ({
    id: `day/${day}`,
    label: day === dayOf(nowMs) ? t('Today') : day === dayOf(nowMs - dayMs) ? t('Yesterday') : day,
    description: String(ofDay.length),
    icon: { name: 'calendar' },
    facts: ['day'],
    target: {},
    expanded: index === 0,
    children: () => ofDay.map(toNode),
  }));
}

/** In local time: `2026-11-23`. */
export function dayOf(atMs: number): string {
  const date = new Date(atMs);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(part => String(part).padStart(2, '0')).join('-');
}
