// Rules on metrics: a share is a share of a count that exists.
import { errorAt, spanOf } from '../drafts.ts';
import { suggest } from '../nearMiss.ts';
import type { Entry } from '../place.ts';
import { child, entriesOf, entryOf, headOf, textOf } from '../place.ts';
import type { Outline } from './outline.ts';

export function checkMetrics(outline: Outline): void {
  for (const source of entriesOf(child(outline.root, 'healthSources'))) {
    const metrics = entryOf(child(source.value, 'newRelic'), 'metrics');
    if (metrics?.value.kind !== 'map') continue;
    const entries = entriesOf(metrics.value);
    if (entries.length === 0) outline.report(errorAt(headOf(metrics.value), 'no-metric', 'This health source asks for nothing. Give it at least one metric.', { found: 'an empty map' }));
    for (const metric of entries) checkShare(outline, metric, entries);
  }
}

function checkShare({ report }: Outline, metric: Entry, entries: readonly Entry[]): void {
  const per = child(metric.value, 'per');
  const name = textOf(per);
  if (!per || name === undefined) return;
  const counts = entries.filter(entry => isCount(entry) && entry !== metric && !child(entry.value, 'per')).map(entry => entry.key);
  const more = { found: name, allowed: counts };
  const target = entries.find(entry => entry.key === name);
  if (!isCount(metric)) report(errorAt(spanOf(per), 'share-of-gauge', 'Only a count can be a share of another count; add `kind: count` here.', { found: name }));
  if (!target) report(errorAt(spanOf(per), 'unknown-metric', `There is no metric \`${name.slice(0, 60)}\` in this health source.${suggest(name, counts)}`, more));
  else if (cycleOf(metric, entries).includes(metric.key)) {
    // Each cycle is one mistake: it is said at the first of its metrics.
    const first = entries.find(entry => cycleOf(metric, entries).includes(entry.key));
    if (first === metric) report(errorAt(spanOf(per), 'metric-cycle', `The metric \`${metric.key.slice(0, 60)}\` is, over \`per\`, a share of itself.`, more));
  }
  else if (!isCount(target)) report(errorAt(spanOf(per), 'not-a-count', `The metric \`${name.slice(0, 60)}\` is no count, so nothing can be a share of it; it needs \`kind: count\`.`, more));
}

function isCount(metric: Entry): boolean {
  return textOf(child(metric.value, 'kind')) === 'count';
}

/** The metrics that `per` leads to in a circle, starting anywhere; none when it ends. */
function cycleOf(metric: Entry, entries: readonly Entry[]): readonly string[] {
  const path: string[] = [];
  let current: Entry | undefined = metric;
  while (current) {
    if (path.includes(current.key)) return path.slice(path.indexOf(current.key));
    path.push(current.key);
    const next: string | undefined = textOf(child(current.value, 'per'));
    current = entries.find(entry => entry.key === next);
  }
  return [];
}
