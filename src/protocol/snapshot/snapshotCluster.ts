// One cluster as the panel shows it: why it is a risk, where it was written, its samples and its nearest relatives.
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { ClusterClass, ClusterReport, LogsCheck } from '../../model/evidence/verdict.ts';
import { formatCount, formatNumber } from '../words/format.ts';
import { plainLine, plainText } from '../words/plainText.ts';
import { frequencyPhrase } from '../words/clusterPhrases.ts';
import { compareWords } from './snapshotWords.ts';
import { t } from '../words/translate.ts';
import type { ClusterSnapshot, MinutesSnapshot, ClusterKind } from './clusterSnapshot.ts';

const mostNodes = 40,
  mostSeenIn = 20,
  riskyBars = 60,
  calmBars = 14,
  minuteMs = 60_000;

/**
 * The riskiest clusters show a sample whole, up to `longestWhole` characters. The others show the beginning of a few:
 * the document of a cluster has them whole.
 */
const longestWhole = 64_000,
  longestGlance = 2_000,
  longestMessage = 300,
  mostGlances = 2;

/** A cluster of a verification, with its place and its letter in the panel. */
export interface PlacedCluster {
  readonly cluster: ClusterReport;
  readonly id: string;
  /** Identifies the verification and source; the nearest cluster is looked up among those with the same value. */
  readonly place: string;
  readonly check: LogsCheck;
  /** All risky clusters of the check. */
  readonly risky: readonly ClusterReport[];
  readonly sinceMs: number;
  readonly letter?: string;
}

/** A key of everything that the snapshot depends on, including the counts that grow with every line. */
export function signOf(
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

export function snapshotCluster(
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
    says = messageOf(cluster),
    learned = check.learnedDeployments;
  return {
    id,
    ...(letter && { letter }),
    kind: kindOf(cluster),
    severity,
    template,
    ...(says && { says }),
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

/** The template of a stack trace: `com.shop.Boom < java.io.IOException ↦ com.shop.Cart.add ← com.shop.Cart.open`. */
const trace = /^([\w.$]{1,200})(?: < .*)? ↦ /;

function messageOf({ template, samples }: ClusterReport): string | undefined {
  const type = trace.exec(template.slice(0, longestGlance))?.[1],
    sample = (samples.canary[0] ?? samples.baseline[0] ?? '').slice(0, longestGlance);
  const at = type === undefined ? -1 : sample.indexOf(`${type}: `);
  return at < 0 ? undefined : plainLine(sample.slice(at).split('\n', 1)[0] ?? '', longestMessage);
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

/** All minutes, summed to at most `bars` steps. */
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

/** "Without the n riskiest" describes a single cluster only if n is 1, or if leaving out even more changes nothing. */
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

export function idOf(place: string, key: string): string {
  return plainLine(`${place}/${key}`, 400);
}
