// The clusters as chart, table and detail show them: risky ones with letters and everything known of them, the rest
// thinned and bounded.
import type { Severity } from '../../model/evidence/evidence.ts';
import { indexFeedback, type Feedback, type FeedbackMark } from '../../model/evidence/feedback.ts';
import type { ClusterClass, ClusterReport, LogsCheck, Outcome } from '../../model/evidence/verdict.ts';
import { formatCount, formatNumber } from '../words/format.ts';
import { plainLine, plainText } from '../words/plainText.ts';
import { frequencyPhrase } from '../words/sentences.ts';
import type { VerifiedStage } from './snapshotChecks.ts';
import { compareWords, type ComparedWord } from './snapshotWords.ts';
import { t } from '../words/translate.ts';

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
  readonly baselineNodes: readonly { readonly name: string; readonly lines: number }[];
  readonly minutes?: MinutesSnapshot;
  /** From then on the canary nodes ran the new release. */
  readonly sinceMs: number;
  /** Good deployments in which it occurred, newest first, as far as they are known by name. */
  readonly seenIn: readonly { readonly version: string; readonly atMs: number }[];
  /** What a reviewer said of it; a mark that is in the file and not yet in a look is shown too. */
  readonly feedback?: {
    readonly mark: FeedbackMark;
    readonly reason: string;
    readonly by: string;
    readonly atMs: number;
  };
  readonly samples: readonly { readonly from: 'canary' | 'baseline'; readonly text: string }[];
  readonly nearest?: {
    readonly id?: string;
    readonly similarity: number;
    readonly canary: readonly ComparedWord[];
    readonly known: readonly ComparedWord[];
  };
  /**
   * Of a risky one: the check that it is a part of, of how many risky ones, and what that would be without it, where
   * that can be said.
   */
  readonly check?: {
    readonly name: string;
    readonly outcome: Outcome;
    readonly risky: number;
    readonly withoutIt?: Outcome;
  };
}
/** Lines per `stepMs`; the first step begins at startMs. */
export interface MinutesSnapshot {
  readonly startMs: number;
  readonly stepMs: number;
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
}
export type ClusterKind = 'unknown' | 'unexpected-frequency' | 'known' | 'baseline';

/** A cluster of a verification that is shown, and what it is called there. */
export interface PlacedCluster {
  readonly cluster: ClusterReport;
  readonly id: string;
  /** Of its verification and source: its nearest is looked for there. */
  readonly place: string;
  readonly check: LogsCheck;
  /** Of its check. */
  readonly risky: readonly ClusterReport[];
  readonly sinceMs: number;
  readonly letter?: string;
}
/** Id and key of a verification's snapshots of clusters, to be asked again at the next look. */
export type ClusterMemory = Map<string, { readonly sign: string; readonly snapshot: ClusterSnapshot }>;

const mostCalm = 2_000,
  mostNodes = 40,
  mostSeenIn = 20,
  riskyBars = 60,
  calmBars = 14,
  minuteMs = 60_000;
/**
 * Of the riskiest a sample is shown whole up to this many characters; of the others, a glance: the document of a
 * cluster has it whole.
 */
const mostWhole = 100,
  longestWhole = 64_000,
  longestGlance = 2_000,
  mostGlances = 2;

/**
 * Which clusters are shown, in which order: riskiest first, then those that the canary wrote, then those of the
 * baseline alone.
 */
export function placeClusters(stages: readonly VerifiedStage[]): {
  readonly placed: readonly PlacedCluster[];
  readonly hidden: number;
} {
  const checks = stages.flatMap(({ verification, report }) =>
    report.checks.flatMap(check =>
      check.kind === 'logs'
        ? [
            {
              check,
              risky: check.clusters.filter(cluster => cluster.class !== 'known'),
              place: `${verification.key}/${check.source}`,
              sinceMs: verification.sinceMs,
            },
          ]
        : [],
    ),
  );
  const all = checks.flatMap(of => of.check.clusters.map(cluster => ({ ...of, cluster })));
  const risky = all.filter(({ cluster }) => cluster.class !== 'known');
  const calm = all
    .filter(({ cluster }) => cluster.class === 'known')
    .sort((left, right) => weight(right.cluster) - weight(left.cluster));
  return {
    placed: [...risky, ...calm.slice(0, mostCalm)].map((one, index) => ({
      ...one,
      id: idOf(one.place, one.cluster.key),
      ...(index < risky.length && { letter: letterOf(index) }),
    })),
    hidden: checks.reduce((sum, { check }) => sum + check.hiddenClusters, 0) + Math.max(0, calm.length - mostCalm),
  };
}

/** Yields every few clusters, so that its caller may let others work; unchanged ones are the same objects as before. */
export function* snapshotClusters(
  { placed, hidden }: ReturnType<typeof placeClusters>,
  feedback: readonly Feedback[],
  memory: ClusterMemory,
): Generator<void, ClustersSnapshot> {
  const ids = new Set(placed.map(({ id }) => id)),
    find = indexFeedback(feedback);
  const shown: ClusterSnapshot[] = [];
  for (const [index, one] of placed.entries()) {
    const said = find(one.cluster);
    const isWhole = index < mostWhole && one.letter !== undefined;
    const sign = signOf(one, said, isWhole, ids);
    const known = memory.get(one.id);
    const snapshot = known?.sign === sign ? known.snapshot : snapshotCluster(one, said, isWhole, ids);
    shown.push(snapshot);
    if (snapshot !== known?.snapshot) memory.set(one.id, { sign, snapshot });
    if (snapshot !== known?.snapshot || index % 50 === 49) yield;
  }
  for (const id of memory.keys()) if (!ids.has(id)) memory.delete(id);
  return { shown, hidden };
}

function idOf(place: string, key: string): string {
  return plainLine(`${place}/${key}`, 400);
}

/** Those that the canary wrote come before those of the baseline alone. */
function weight({ canaryCount, baselineCount }: ClusterReport): number {
  return (canaryCount > 0 ? 1e9 : 0) + canaryCount + baselineCount;
}

/** What a snapshot of a cluster depends on, and what grows with every line of it. */
function signOf(
  { cluster, letter, check, risky, place }: PlacedCluster,
  said: Feedback | undefined,
  isWhole: boolean,
  ids: ReadonlySet<string>,
): string {
  const {
    class: kind,
    severity,
    template,
    canaryCount,
    baselineCount,
    x,
    y,
    lastSeenMs,
    evidence,
    nearest,
    feedback,
    samples,
  } = cluster;
  return JSON.stringify([
    letter,
    check.learnedDeployments,
    kind,
    severity,
    template,
    canaryCount,
    baselineCount,
    x,
    y,
    lastSeenMs,
    evidence,
    nearest?.key,
    nearest?.similarity,
    nearest && ids.has(idOf(place, nearest.key)),
    feedback,
    said?.mark,
    said?.reason,
    said?.atMs,
    letter && checkOf(cluster, check, risky),
    isWhole,
    samples.canary.length,
    samples.baseline.length,
  ]);
}

function snapshotCluster(
  { cluster, id, letter, check, risky, sinceMs, place }: PlacedCluster,
  said: Feedback | undefined,
  isWhole: boolean,
  ids: ReadonlySet<string>,
): ClusterSnapshot {
  const {
    severity,
    x,
    y,
    canaryCount,
    baselineCount,
    deployments,
    firstSeenMs,
    lastSeenMs,
    evidence,
    minutes,
    seenIn = [],
  } = cluster;
  const template = plainLine(cluster.template),
    learned = check.learnedDeployments;
  return {
    id,
    ...(letter && { letter }),
    kind: kindOf(cluster),
    severity,
    template,
    x,
    y,
    canaryCount,
    baselineCount,
    deployments,
    learnedDeployments: learned,
    firstSeenMs,
    lastSeenMs,
    evidence,
    why: whyOf(cluster, learned),
    nodes: nodesOf(cluster.nodes),
    baselineNodes: nodesOf(cluster.baselineNodes ?? {}),
    ...(minutes && { minutes: minutesOf(minutes, letter ? riskyBars : calmBars) }),
    sinceMs,
    seenIn: seenIn.slice(0, mostSeenIn).map(({ version, atMs }) => ({ version: plainLine(version, 80), atMs })),
    ...(said && {
      feedback: { mark: said.mark, reason: plainLine(said.reason, 500), by: plainLine(said.by, 80), atMs: said.atMs },
    }),
    samples: samplesOf(cluster, isWhole),
    ...(cluster.nearest && { nearest: nearestOf(cluster.nearest, template, place, ids) }),
    ...(letter && { check: checkOf(cluster, check, risky) }),
  };
}

function kindOf({ class: kind, canaryCount }: { class: ClusterClass; canaryCount: number }): ClusterKind {
  return kind === 'known' && canaryCount === 0 ? 'baseline' : kind;
}

function whyOf(cluster: ClusterReport, learned: number): string {
  const { class: kind, canaryCount, baselineCount, ratio, direction, deployments, feedback, knownFrom } = cluster;
  const of = [formatNumber(deployments), formatNumber(learned)] as const;
  const seen =
    learned <= 0
      ? t('no earlier deployment to compare with')
      : learned === 1
        ? t('in {0} of {1} good deployment', ...of)
        : t('in {0} of {1} good deployments', ...of);
  const lines = formatCount(canaryCount, 'canary line'),
    inBaseline = t('{0} in the baseline', formatCount(baselineCount, 'line'));
  if (feedback === 'always-fail') return t('marked as always failing by a reviewer: {0}', lines);
  switch (kind) {
    case 'unknown':
      return feedback === 'risk'
        ? t('marked as a risk by a reviewer: {0}', seen)
        : t('never seen before: {0}, {1}', seen, inBaseline);
    case 'unexpected-frequency':
      return t(
        '{0}: {1} against {2}; {3}',
        frequencyPhrase(ratio, direction),
        lines,
        formatCount(baselineCount, 'baseline line'),
        seen,
      );
    case 'known':
      return knownFrom === 'feedback'
        ? t('marked harmless by a reviewer: {0}, {1}', seen, inBaseline)
        : t('known: {0}, {1}', seen, inBaseline);
    default:
      return kind satisfies never;
  }
}

function nodesOf(nodes: Readonly<Record<string, number>>): ClusterSnapshot['nodes'] {
  return Object.entries(nodes)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .slice(0, mostNodes)
    .map(([name, lines]) => ({ name: plainLine(name, 80), lines }));
}

function samplesOf({ samples }: ClusterReport, isWhole: boolean): ClusterSnapshot['samples'] {
  const all = [
    ...samples.canary.map(text => ({ from: 'canary' as const, text })),
    ...samples.baseline.map(text => ({ from: 'baseline' as const, text })),
  ];
  return (isWhole ? all : all.slice(0, mostGlances)).map(({ from, text }) => ({
    from,
    text: bounded(text, isWhole ? longestWhole : longestGlance),
  }));
}

function bounded(text: string, limit: number): string {
  return text.length <= limit
    ? plainText(text)
    : `${plainText(text.slice(0, limit))}\n… ${formatCount(text.length - limit, 'more character')}`;
}

function nearestOf(
  { key, template, similarity }: NonNullable<ClusterReport['nearest']>,
  own: string,
  place: string,
  ids: ReadonlySet<string>,
): ClusterSnapshot['nearest'] & object {
  const id = idOf(place, key);
  const { left, right } = compareWords(own, plainLine(template));
  return { ...(ids.has(id) && { id }), similarity, canary: left, known: right };
}

/** All the minutes, summed to at most `bars` steps. */
function minutesOf(
  { startMs, canary, baseline }: NonNullable<ClusterReport['minutes']>,
  bars: number,
): MinutesSnapshot {
  const count = Math.max(canary.length, baseline.length),
    step = Math.max(1, Math.ceil(count / bars));
  const sum = (values: readonly number[]): readonly number[] =>
    Array.from({ length: Math.ceil(count / step) }, (_, index) =>
      values.slice(index * step, (index + 1) * step).reduce((total, value) => total + value, 0),
    );
  return { startMs, stepMs: step * minuteMs, canary: sum(canary), baseline: sum(baseline) };
}

/**
 * "Without the n riskiest" says what one cluster is worth only of the riskiest itself, or when even more would not do.
 */
function checkOf(
  cluster: ClusterReport,
  { whatIf, name, outcome }: LogsCheck,
  risky: readonly ClusterReport[],
): ClusterSnapshot['check'] & object {
  const enough = whatIf?.find(one => one.code === 'without-clusters');
  const withoutIt =
    enough?.code !== 'without-clusters'
      ? undefined
      : enough.clusters > 1
        ? outcome
        : risky[0] === cluster
          ? enough.outcome
          : undefined;
  return { name: plainLine(name, 80), outcome, risky: risky.length, ...(withoutIt && { withoutIt }) };
}

/** 0 is `A`, 25 is `Z`, 26 is `AA`. */
function letterOf(index: number): string {
  return (index >= 26 ? letterOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
}
