// Writes the check: outcome, reasons as numbers, what would have changed it, and a report for each cluster that
// matters.
import type { LearnedEvents } from '../../../model/evidence/evidence.ts';
import type { Sensitivity } from '../../../model/pipeline.ts';
import type { ClusterReport, LogsCheck, Outcome, Reason } from '../../../model/evidence/verdict.ts';
import type { Weighed } from './assessment.ts';
import type { Cluster } from '../count/clusters.ts';
import { judgeClusters, type JudgedFacts } from './judgement.ts';
import { placeOf } from './map.ts';
import { countMinutes } from '../count/minutes.ts';
import type { UnreadLines } from '../formats/unread.ts';
import { describe } from '../template/recognition.ts';
import { strictnessOf } from '../settings.ts';
import { differingWords, indexBySimilarity, type SimilarityIndex } from '../template/similarity.ts';
import type { Against } from './expectations.ts';
import { findWhatIfs, neededMs } from './whatIf.ts';

export interface CheckFacts extends JudgedFacts {
  readonly name: string;
  readonly source: string;
  readonly sensitivity: Sensitivity;
  readonly canarySinceMs: number;
  readonly atMs: number;
  readonly baselineLines: number;
  readonly unread: readonly UnreadLines[];
  readonly learned: LearnedEvents | undefined;
}

/** Share of all lines from which on it is worth a word that they could not be read. */
const unreadShare = 0.01;

const mostReports = 300,
  mostEvidence = 1e300;

export function writeCheck(clusters: readonly Cluster[], facts: CheckFacts): LogsCheck {
  const strictness = strictnessOf(facts.sensitivity);
  const judged = judgeClusters(clusters, facts, strictness);
  const { outcome } = judged;
  const ordered = [...judged.weighed].sort(byRisk);
  const shown = ordered.filter(({ class: kind }, i) => kind !== 'known' || i < mostReports);
  const known = indexBySimilarity(
    ordered.filter(({ class: kind }) => kind !== 'unknown').map(({ cluster }) => cluster),
    ({ group }) => group.tokens,
  );
  const whatIf = findWhatIfs(judged, ordered, clusters, facts, facts.sensitivity),
    needed = neededMs(outcome, ordered, facts);
  return {
    kind: 'logs',
    source: facts.source,
    name: facts.name,
    outcome,
    reasons: reasonsFor(outcome, facts, ordered),
    clusters: shown.map(one => report(one, known, facts)),
    hiddenClusters: ordered.length - shown.length,
    canaryLines: facts.canaryLines,
    baselineLines: facts.baselineLines,
    learnedDeployments: facts.learned?.deployments ?? 0,
    evidence: boundedExp(judged.lnEvidence),
    threshold: strictness.threshold,
    ...(whatIf.length > 0 ? { whatIf } : {}),
    ...(needed !== undefined ? { neededMs: needed } : {}),
  };
}

function boundedExp(ln: number): number {
  return Math.min(mostEvidence, Math.exp(Math.min(690, ln)));
}

function reasonsFor(
  outcome: Outcome,
  { learned, exposure, source, canaryLines, baselineLines, canaryMs, minimumMs, unread }: CheckFacts,
  ordered: readonly Weighed[],
): Reason[] {
  const reasons: Reason[] = [];
  const deployments = learned?.deployments ?? 0;
  if (exposure.against === 'before' && !exposure.isRun)
    reasons.push({ code: 'no-baseline-nodes', values: { deployments } });
  const unknown = ordered.filter(({ class: kind }) => kind === 'unknown');
  if (unknown.length > 0) reasons.push(unknownReason(unknown, deployments));
  for (const { cluster, finding, class: kind } of ordered) {
    if (kind !== 'unexpected-frequency' || !finding || reasons.length > 20) continue;
    const { canary } = cluster.tally.counts,
      baseline = cluster.tally.counts[exposure.against];
    reasons.push({
      code: 'cluster-frequency',
      values: {
        template: describe(cluster.group).slice(0, 400),
        canary,
        baseline,
        ratio: round(finding.ratio),
        direction: finding.direction,
      },
    });
  }
  if (canaryLines === 0) reasons.push({ code: 'no-canary-data', values: { source } });
  else if (!exposure.hasReference) reasons.push({ code: 'no-baseline-data', values: { source } });
  else if (canaryMs < minimumMs && outcome !== 'fail')
    reasons.push({
      code: 'not-enough-data',
      values: { have: Math.round(canaryMs / 1000), need: Math.round(minimumMs / 1000), what: 'seconds' },
    });
  for (const { format, lines } of unread)
    if (lines >= unreadShare * (canaryLines + baselineLines))
      reasons.push({ code: 'unread-lines', values: { source, format, lines } });
  if (outcome === 'pass')
    reasons.push({ code: 'logs-clean', values: { canaryLines, baselineLines, clusters: ordered.length, deployments } });
  return reasons;
}

function unknownReason(unknown: readonly Weighed[], deployments: number): Reason {
  const nodes = new Set(unknown.flatMap(({ cluster }) => [...cluster.tally.nodes.canary.keys()]));
  const lines = unknown.reduce((sum, { cluster }) => sum + cluster.tally.counts.canary, 0);
  return { code: 'unknown-clusters', values: { clusters: unknown.length, lines, nodes: nodes.size, deployments } };
}

const ranks = { unknown: 0, 'unexpected-frequency': 0, known: 1 } as const;

function byRisk(one: Weighed, other: Weighed): number {
  return (
    ranks[one.class] - ranks[other.class] ||
    other.lnEvidence - one.lnEvidence ||
    other.cluster.tally.counts.canary - one.cluster.tally.counts.canary ||
    (one.cluster.key < other.cluster.key ? -1 : 1)
  );
}

function report(weighed: Weighed, known: SimilarityIndex<Cluster>, facts: CheckFacts): ClusterReport {
  const { cluster, finding } = weighed,
    { key, tally, learned, group, mark } = cluster,
    { against } = facts.exposure;
  const nearest = weighed.class === 'unknown' ? known.nearest(group.tokens) : undefined;
  const knownFrom = weighed.class === 'unknown' ? undefined : sourceOf(cluster, against);
  return {
    key,
    class: weighed.class,
    template: describe(group),
    severity: weighed.severity,
    baselineCount: tally.counts[against],
    canaryCount: tally.counts.canary,
    ...(weighed.class === 'unexpected-frequency' && finding ? { direction: finding.direction } : {}),
    ratio: weighed.class === 'unknown' || !finding ? null : round(finding.ratio),
    firstSeenMs: tally.firstMs,
    lastSeenMs: tally.lastMs,
    nodes: Object.fromEntries(tally.nodes.canary),
    baselineNodes: Object.fromEntries(tally.nodes[against]),
    minutes: countMinutes(
      tally.timelines.canary,
      tally.timelines[against],
      against === 'before' ? facts.exposure.span.fromMs : facts.canarySinceMs,
      facts.atMs,
    ),
    ...(knownFrom ? { knownFrom } : {}),
    ...(mark ? { feedback: mark } : {}),
    samples: { canary: [...tally.samples.canary], baseline: [...tally.samples.baseline] },
    ...placeOf(group.tokens),
    ...(nearest
      ? {
          nearest: {
            key: nearest.item.key,
            template: describe(nearest.item.group),
            similarity: round(nearest.similarity),
            ...differingWords(nearest.item.group.tokens, group.tokens),
          },
        }
      : {}),
    deployments: learned?.deployments ?? 0,
    ...(learned?.seenIn ? { seenIn: learned.seenIn } : {}),
    evidence: boundedExp(weighed.lnEvidence),
  };
}

function sourceOf({ tally: { counts }, learned, mark }: Cluster, against: Against): ClusterReport['knownFrom'] {
  if (mark === 'not-a-risk') return 'feedback';
  if (counts[against] > 0) return against;
  if (counts.baseline + counts.before > 0) return counts.baseline > 0 ? 'baseline' : 'before';
  return learned ? 'learned' : mark === 'not-a-risk-while-normal' ? 'feedback' : undefined;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
