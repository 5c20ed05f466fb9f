// The clusters as chart, table and detail show them: risky ones with letters and everything known of them, the rest thinned and bounded.
import type { Severity } from '../model/evidence.ts';
import type { ClusterClass, ClusterReport } from '../model/verdict.ts';
import { formatCount, formatNumber } from './format.ts';
import { plainLine, plainText } from './plainText.ts';
import type { VerifiedStage } from './snapshotChecks.ts';
import { compareWords, type ComparedWord } from './snapshotWords.ts';

export interface ClustersSnapshot {
  /** Riskiest first; risky ones are never left out. */
  readonly shown: readonly ClusterSnapshot[];
  /** Clusters without risk that are not in `shown`. */
  readonly hidden: number;
}
export interface ClusterSnapshot {
  /** Unique within the snapshot. */
  readonly id: string;
  /** `A`, `B`, ... of risky ones. */
  readonly letter?: string;
  readonly kind: ClusterKind;
  readonly severity: Severity;
  /** Variable parts are `<*>`. */
  readonly template: string;
  readonly x: number;
  readonly y: number;
  readonly canaryCount: number;
  readonly baselineCount: number;
  readonly deployments: number;
  readonly learnedDeployments: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly evidence: number;
  readonly why: string;
  readonly nodes: readonly { readonly name: string; readonly lines: number }[];
  readonly samples: readonly { readonly from: 'canary' | 'baseline'; readonly text: string }[];
  readonly nearest?: { readonly id?: string; readonly similarity: number; readonly canary: readonly ComparedWord[]; readonly known: readonly ComparedWord[] };
}
export type ClusterKind = 'unknown' | 'unexpected-frequency' | 'known' | 'baseline';

const mostCalm = 2_000, mostNodes = 40;
/** A risky sample is shown whole up to this many characters; of the others, a glance. */
const longestRisky = 64_000, longestCalm = 2_000, mostCalmSamples = 2;

export function snapshotClusters(stages: readonly VerifiedStage[]): ClustersSnapshot {
  const all = stages.flatMap(({ verification, report }) => report.checks.flatMap(check => check.kind === 'logs'
    ? check.clusters.map(cluster => ({ cluster, place: `${verification.key}/${check.source}`, learned: check.learnedDeployments })) : []));
  const unsent = stages.flatMap(({ report }) => report.checks).reduce((sum, check) => sum + (check.kind === 'logs' ? check.hiddenClusters : 0), 0);
  const risky = all.filter(({ cluster }) => cluster.class !== 'known');
  const calm = all.filter(({ cluster }) => cluster.class === 'known').sort((left, right) => weight(right.cluster) - weight(left.cluster));
  const shown = [...risky, ...calm.slice(0, mostCalm)];
  const ids = new Set(shown.map(({ place, cluster }) => idOf(place, cluster.key)));
  return {
    shown: shown.map(({ cluster, place, learned }, index) => snapshotCluster(cluster, place, learned, index < risky.length ? letterOf(index) : undefined, ids)),
    hidden: unsent + Math.max(0, calm.length - mostCalm),
  };
}

function idOf(place: string, key: string): string {
  return plainLine(`${place}/${key}`, 400);
}

/** Those that the canary wrote come before those of the baseline alone. */
function weight({ canaryCount, baselineCount }: ClusterReport): number {
  return (canaryCount > 0 ? 1e9 : 0) + canaryCount + baselineCount;
}

function snapshotCluster(cluster: ClusterReport, place: string, learned: number, letter: string | undefined, ids: ReadonlySet<string>): ClusterSnapshot {
  const { severity, x, y, canaryCount, baselineCount, deployments, firstSeenMs, lastSeenMs, evidence } = cluster;
  const template = plainLine(cluster.template);
  return {
    id: idOf(place, cluster.key), ...(letter && { letter }), kind: kindOf(cluster), severity, template, x, y, canaryCount, baselineCount, deployments, learnedDeployments: learned,
    firstSeenMs, lastSeenMs, evidence, why: whyOf(cluster, learned), nodes: nodesOf(cluster), samples: samplesOf(cluster),
    ...(cluster.nearest && { nearest: nearestOf(cluster.nearest, template, place, ids) }),
  };
}

function kindOf({ class: kind, canaryCount }: { class: ClusterClass; canaryCount: number }): ClusterKind {
  return kind === 'known' && canaryCount === 0 ? 'baseline' : kind;
}

function whyOf({ class: kind, canaryCount, baselineCount, ratio, direction, deployments }: ClusterReport, learned: number): string {
  const seen = learned > 0 ? `in ${formatNumber(deployments)} of ${formatCount(learned, 'good deployment')}` : 'no earlier deployment to compare with';
  switch (kind) {
    case 'unknown': return `never seen before: ${seen}, ${formatCount(baselineCount, 'line')} in the baseline`;
    case 'unexpected-frequency': return `${ratio === null ? `${direction === 'down' ? 'less' : 'more'} frequent than expected` : `${formatNumber(ratio)} times as frequent as expected`}: ${formatCount(canaryCount, 'canary line')} against ${formatCount(baselineCount, 'baseline line')}; ${seen}`;
    case 'known': return `known: ${seen}, ${formatCount(baselineCount, 'line')} in the baseline`;
    default: return kind satisfies never;
  }
}

function nodesOf({ nodes }: ClusterReport): ClusterSnapshot['nodes'] {
  return Object.entries(nodes).sort(([left], [right]) => left < right ? -1 : 1).slice(0, mostNodes).map(([name, lines]) => ({ name: plainLine(name, 80), lines }));
}

function samplesOf({ class: kind, samples }: ClusterReport): ClusterSnapshot['samples'] {
  const all = [...samples.canary.map(text => ({ from: 'canary' as const, text })), ...samples.baseline.map(text => ({ from: 'baseline' as const, text }))];
  const calm = kind === 'known';
  return (calm ? all.slice(0, mostCalmSamples) : all).map(({ from, text }) => ({ from, text: bounded(text, calm ? longestCalm : longestRisky) }));
}

function bounded(text: string, limit: number): string {
  return text.length <= limit ? plainText(text) : `${plainText(text.slice(0, limit))}\n… ${formatCount(text.length - limit, 'more character')}`;
}

function nearestOf({ key, template, similarity }: NonNullable<ClusterReport['nearest']>, own: string, place: string, ids: ReadonlySet<string>): ClusterSnapshot['nearest'] & object {
  const id = idOf(place, key);
  const { left, right } = compareWords(own, plainLine(template));
  return { ...(ids.has(id) && { id }), similarity, canary: left, known: right };
}

/** 0 is `A`, 25 is `Z`, 26 is `AA`. */
function letterOf(index: number): string {
  return (index >= 26 ? letterOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + index % 26);
}
