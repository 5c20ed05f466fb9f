// Writes the check: outcome, reasons as numbers, and a report for each cluster that matters.
import type { LearnedEvents } from '../../model/evidence.ts';
import type { ClusterReport, LogsCheck, Outcome, Reason } from '../../model/verdict.ts';
import { lnMean, shareOfUnknown, type Assessment, type Exposure, type Weighed } from './assessment.ts';
import type { Cluster } from './clusters.ts';
import { clusterKey } from './learned.ts';
import { placeOf } from './map.ts';
import { describe } from './recognition.ts';
import type { Strictness } from './settings.ts';
import { differingWords, indexBySimilarity, type SimilarityIndex } from './similarity.ts';

export interface CheckFacts {
  readonly name: string;
  readonly source: string;
  readonly final: boolean;
  readonly canaryMs: number;
  readonly minimumMs: number;
  readonly canaryLines: number;
  readonly baselineLines: number;
  readonly learned: LearnedEvents | undefined;
  readonly exposure: Exposure;
}

const mostReports = 300, mostEvidence = 1e300;

export function writeCheck(facts: CheckFacts, assessment: Assessment, strictness: Strictness): LogsCheck {
  const lnEvidence = lnMean(assessment.lnUnknown, assessment.lnFrequency, shareOfUnknown);
  const evidence = boundedExp(lnEvidence);
  const mustFail = assessment.weighed.some(({ cluster }) => cluster.mark === 'always-fail' && cluster.tally.counts.canary > 0);
  const outcome = mustFail || (evidence >= strictness.threshold && hasReference(facts)) ? 'fail' : outcomeWithoutFailure(facts, assessment);
  const known = indexBySimilarity(assessment.weighed.filter(({ class: kind }) => kind !== 'unknown').map(({ cluster }) => cluster), ({ group }) => group.tokens);
  const ordered = [...assessment.weighed].sort(byRisk);
  const shown = ordered.filter(({ class: kind }, i) => kind !== 'known' || i < mostReports);
  return {
    kind: 'logs', source: facts.source, name: facts.name, outcome, reasons: reasonsFor(outcome, facts, assessment),
    clusters: shown.map(one => report(one, known, facts)), hiddenClusters: ordered.length - shown.length,
    canaryLines: facts.canaryLines, baselineLines: facts.baselineLines, learnedDeployments: facts.learned?.deployments ?? 0,
    evidence, threshold: strictness.threshold,
  };
}

function boundedExp(ln: number): number {
  return Math.min(mostEvidence, Math.exp(Math.min(690, ln)));
}

function outcomeWithoutFailure(facts: CheckFacts, { weighed }: Assessment): Outcome {
  if (facts.canaryLines === 0) return 'inconclusive';
  if (!hasReference(facts)) return 'inconclusive';
  if (facts.canaryMs < facts.minimumMs) return 'inconclusive';
  return weighed.some(isSuspicious) ? 'inconclusive' : 'pass';
}

/** Fewer lines than that say nothing of what a service usually logs. */
const leastReference = 20;

/** Whether there is anything that makes a line known: without it every line would be new, and none of it news. */
export function hasReference({ baselineLines, canaryLines, learned }: Pick<CheckFacts, 'baselineLines' | 'canaryLines' | 'learned'>): boolean {
  return (learned?.deployments ?? 0) > 0 || baselineLines >= Math.min(leastReference, Math.max(1, canaryLines));
}

/** What a pass may not have: a changed frequency, or an unknown cluster that speaks of trouble. */
function isSuspicious({ class: kind, severity }: Weighed): boolean {
  if (kind === 'known') return false;
  return kind === 'unexpected-frequency' ? severity !== 'debug' && severity !== 'trace' : severity === 'warn' || severity === 'error' || severity === 'fatal';
}

function reasonsFor(outcome: Outcome, facts: CheckFacts, { weighed }: Assessment): Reason[] {
  const reasons: Reason[] = [];
  const deployments = facts.learned?.deployments ?? 0;
  if (facts.exposure.against === 'before') reasons.push({ code: 'no-baseline-nodes', values: { deployments } });
  const unknown = weighed.filter(({ class: kind }) => kind === 'unknown');
  if (unknown.length > 0) reasons.push(unknownReason(unknown, deployments));
  for (const { cluster, finding, class: kind } of [...weighed].sort(byRisk)) {
    if (kind !== 'unexpected-frequency' || !finding || reasons.length > 20) continue;
    const { canary } = cluster.tally.counts, baseline = cluster.tally.counts[facts.exposure.against];
    reasons.push({ code: 'cluster-frequency', values: { template: describe(cluster.group).slice(0, 400), canary, baseline, ratio: round(finding.ratio), direction: finding.direction } });
  }
  if (facts.canaryLines === 0) reasons.push({ code: 'no-canary-data', values: { source: facts.source } });
  else if (!hasReference(facts)) reasons.push({ code: 'no-baseline-data', values: { source: facts.source } });
  else if (facts.canaryMs < facts.minimumMs && outcome !== 'fail') reasons.push({ code: 'not-enough-data', values: { have: Math.round(facts.canaryMs / 1000), need: Math.round(facts.minimumMs / 1000), what: 'seconds' } });
  if (outcome === 'pass') reasons.push({ code: 'logs-clean', values: { canaryLines: facts.canaryLines, baselineLines: facts.baselineLines, clusters: weighed.length, deployments } });
  return reasons;
}

function unknownReason(unknown: readonly Weighed[], deployments: number): Reason {
  const nodes = new Set(unknown.flatMap(({ cluster }) => [...cluster.tally.nodes.canary.keys()]));
  const lines = unknown.reduce((sum, { cluster }) => sum + cluster.tally.counts.canary, 0);
  return { code: 'unknown-clusters', values: { clusters: unknown.length, lines, nodes: nodes.size, deployments } };
}

const ranks = { unknown: 0, 'unexpected-frequency': 0, known: 1 } as const;

function byRisk(one: Weighed, other: Weighed): number {
  return ranks[one.class] - ranks[other.class] || other.lnEvidence - one.lnEvidence || other.cluster.tally.counts.canary - one.cluster.tally.counts.canary;
}

function report(weighed: Weighed, known: SimilarityIndex<Cluster>, facts: CheckFacts): ClusterReport {
  const { cluster, finding } = weighed, { tally, learned, group } = cluster;
  const template = describe(group);
  const nearest = weighed.class === 'unknown' ? known.nearest(group.tokens) : undefined;
  return {
    key: clusterKey(cluster), class: weighed.class, template, severity: weighed.severity,
    baselineCount: tally.counts[facts.exposure.against], canaryCount: tally.counts.canary,
    ...weighed.class === 'unexpected-frequency' && finding ? { direction: finding.direction } : {},
    ratio: weighed.class === 'unknown' || !finding ? null : round(finding.ratio),
    firstSeenMs: tally.firstMs, lastSeenMs: tally.lastMs, nodes: Object.fromEntries(tally.nodes.canary), baselineNodes: Object.fromEntries(tally.nodes[facts.exposure.against]),
    samples: { canary: [...tally.samples.canary], baseline: [...tally.samples.baseline] }, ...placeOf(group.tokens),
    ...nearest ? { nearest: { key: clusterKey(nearest.item), template: describe(nearest.item.group), similarity: round(nearest.similarity), ...differingWords(nearest.item.group.tokens, group.tokens) } } : {},
    ...cluster.mark ? { feedback: cluster.mark } : {}, deployments: learned?.deployments ?? 0, evidence: boundedExp(weighed.lnEvidence),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
