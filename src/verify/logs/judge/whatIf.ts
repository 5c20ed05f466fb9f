// What would have changed the outcome of a logs check: another sensitivity, some clusters fewer, some lines or some
// time more.
import type { Sensitivity } from '../../../model/pipeline.ts';
import type { Outcome, WhatIf } from '../../../model/evidence/verdict.ts';
import type { Weighed } from './assessment.ts';
import type { Cluster } from '../count/clusters.ts';
import { isSuspicious, judgeClusters, type JudgedFacts, type Judgement } from './judgement.ts';
import { isError, strictnessOf } from '../settings.ts';

/** `ordered`: the weighed clusters, riskiest first. */
export function findWhatIfs(
  judged: Judgement,
  ordered: readonly Weighed[],
  clusters: readonly Cluster[],
  facts: JudgedFacts,
  sensitivity: Sensitivity,
): WhatIf[] {
  if (facts.canaryLines === 0 || !facts.exposure.hasReference) return [];
  const whatIfs: WhatIf[] = [];
  const other = otherSensitivity(judged, clusters, facts, sensitivity);
  if (other) whatIfs.push(other);
  const without = withoutClusters(judged, ordered, clusters, facts, sensitivity);
  if (without) whatIfs.push(without);
  const lines = moreLines(judged, ordered, sensitivity);
  if (lines !== undefined) whatIfs.push({ code: 'more-lines', outcome: 'fail', lines });
  const needMs = neededMs(judged.outcome, ordered, facts);
  if (needMs !== undefined && needMs !== null) whatIfs.push({ code: 'more-time', outcome: 'pass', needMs });
  return whatIfs;
}

/** undefined: nothing more is needed; null: no time would help. */
export function neededMs(
  outcome: Outcome,
  weighed: readonly Weighed[],
  { canaryLines, exposure, canaryMs, minimumMs }: JudgedFacts,
): number | null | undefined {
  if (outcome !== 'inconclusive') return undefined;
  if (canaryLines === 0 || !exposure.hasReference || weighed.some(isSuspicious)) return null;
  return minimumMs - canaryMs;
}

const nearby: Readonly<Record<Sensitivity, readonly Sensitivity[]>> = {
  low: ['medium', 'high'],
  medium: ['low', 'high'],
  high: ['medium', 'low'],
};

function otherSensitivity(
  judged: Judgement,
  clusters: readonly Cluster[],
  facts: JudgedFacts,
  sensitivity: Sensitivity,
): WhatIf | undefined {
  for (const other of nearby[sensitivity]) {
    const { outcome } = judgeClusters(clusters, facts, strictnessOf(other));
    if (outcome !== judged.outcome) return { code: 'sensitivity', outcome, sensitivity: other };
  }
  return undefined;
}

/** The fewest of the riskiest clusters whose absence changes the outcome, found by halving. */
function withoutClusters(
  judged: Judgement,
  ordered: readonly Weighed[],
  clusters: readonly Cluster[],
  facts: JudgedFacts,
  sensitivity: Sensitivity,
): WhatIf | undefined {
  const risky = ordered.filter(({ class: kind }) => kind !== 'known').map(({ cluster }) => cluster.key);
  const outcomes = new Map<number, Outcome>();
  const outcomeWithout = (count: number): Outcome => {
    const gone = new Set(risky.slice(0, count)),
      left = clusters.filter(({ key }) => !gone.has(key)),
      { outcome } = judgeClusters(left, facts, strictnessOf(sensitivity));
    outcomes.set(count, outcome);
    return outcome;
  };
  if (judged.outcome === 'pass' || risky.length === 0 || outcomeWithout(risky.length) === judged.outcome)
    return undefined;
  let few = 0,
    enough = risky.length;
  while (enough - few > 1) {
    const middle = (few + enough) >> 1;
    if (outcomeWithout(middle) === judged.outcome) few = middle;
    else enough = middle;
  }
  return { code: 'without-clusters', outcome: outcomes.get(enough)!, clusters: enough };
}

const mostLines = 10_000;

/** So many more lines of the riskiest unknown error, seconds apart, would fail it. */
function moreLines(judged: Judgement, ordered: readonly Weighed[], sensitivity: Sensitivity): number | undefined {
  if (
    judged.outcome === 'fail' ||
    !ordered.some(({ class: kind, severity }) => kind === 'unknown' && isError(severity))
  )
    return undefined;
  const wanted = Math.log(strictnessOf(sensitivity).threshold);
  for (let lines = 1; lines <= mostLines; lines = lines < 20 ? lines + 1 : Math.ceil(lines * 1.1))
    if (judged.lnEvidenceWith(lines) >= wanted) return lines;
  return undefined;
}
