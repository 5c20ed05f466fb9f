// Weighs the clusters: which are unknown, which are of unexpected frequency, and what all of it together says about the canary.
import type { Role, Severity } from '../../model/evidence.ts';
import type { ClusterClass } from '../../model/verdict.ts';
import { lnEvidenceOfMore, shareOf } from './betaMixture.ts';
import type { Cluster } from './clusters.ts';
import type { Span } from './dispersion.ts';
import { findFrequencies, selectByFalseDiscovery, type FrequencyFinding } from './frequency.ts';
import { frequencyWeights, unknownWeights, type Strictness } from './settings.ts';
import { usualSeverity, type Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

export interface Exposure {
  /** Whether anything is known to compare with; without it no cluster is called unknown. */
  readonly hasReference: boolean;
  /** Side that the canary is compared with. */
  readonly against: 'baseline' | 'before';
  /** Canary traffic over that side's, over the time that was seen. */
  readonly trafficRatio: number;
  /** Time in which that side was seen. */
  readonly span: Span;
}

export interface Weighed {
  readonly cluster: Cluster;
  readonly class: ClusterClass;
  readonly severity: Severity;
  readonly finding: FrequencyFinding | undefined;
  /** ln of its own evidence of being a risk. */
  readonly lnEvidence: number;
}
export interface Assessment {
  readonly weighed: readonly Weighed[];
  /** ln E of all unknown clusters together, and of all frequencies together. */
  readonly lnUnknown: number;
  readonly lnFrequency: number;
}

export function assessClusters(clusters: readonly Cluster[], exposure: Exposure, strictness: Strictness): Assessment {
  const { against, trafficRatio } = exposure;
  const { unknown: fresh, comparable, suppressed } = sortByStanding(clusters, exposure);
  const findings = findFrequencies(comparable.map(({ tally }) => ({
    canary: tally.counts.canary, baseline: tally.counts[against], baselineTimeline: tally.timelines[against], baselineNodes: tally.nodes[against],
  })), { span: exposure.span, trafficRatio, tolerance: strictness.tolerance });
  const selected = selectByFalseDiscovery(findings.map(finding => isWorth(finding, strictness) ? finding : { ...finding, lnEvidence: -Infinity }), strictness.discoveryRate);
  // A side that logged nothing at all says that it could not be read, not that every cluster went away.
  const canCompare = ([against, 'canary'] satisfies Role[]).every(role => clusters.some(({ tally }) => tally.counts[role] > 0));
  const known = comparable.map((cluster, i) => {
    const severity = severityOf(cluster), finding = findings[i]!;
    return { cluster, class: canCompare && exposure.hasReference && selected.has(i) ? 'unexpected-frequency' : 'known', severity, finding, lnEvidence: finding.lnEvidence } satisfies Weighed;
  });
  const share = shareOf(trafficRatio, 1);
  const unknown = fresh.map(cluster => {
    const severity = severityOf(cluster);
    const weight = (role: Role): number => weightOf(cluster.tally, severity, role);
    return { cluster, class: 'unknown', severity, finding: undefined, lnEvidence: lnEvidenceOfMore(weight('canary'), weight(against), share) } satisfies Weighed;
  });
  const quiet = suppressed.map(cluster => ({ cluster, class: 'known', severity: severityOf(cluster), finding: undefined, lnEvidence: 0 }) satisfies Weighed);
  return { weighed: [...unknown, ...known, ...quiet], lnUnknown: poolUnknown(unknown, comparable, against, share), lnFrequency: poolFrequencies(known, strictness) };
}

interface Standings { readonly unknown: readonly Cluster[]; readonly comparable: readonly Cluster[]; /** Known whatever they do. */ readonly suppressed: readonly Cluster[] }

function sortByStanding(clusters: readonly Cluster[], { hasReference, against }: Exposure): Standings {
  const unknown: Cluster[] = [], comparable: Cluster[] = [], suppressed: Cluster[] = [];
  for (const cluster of clusters) {
    const { tally: { counts }, learned, mark } = cluster;
    const isNew = counts.canary > 0 && counts.baseline + counts.before === 0;
    if (mark === 'not-a-risk') suppressed.push(cluster);
    // What it usually does is not known yet where nothing but the reviewer knows it.
    else if (mark === 'not-a-risk-while-normal') (counts[against] === 0 && !learned ? suppressed : comparable).push(cluster);
    else if (mark !== undefined ? counts.canary > 0 : isNew && !learned && hasReference) unknown.push(cluster);
    else comparable.push(cluster);
  }
  return { unknown, comparable, suppressed };
}

/** What a reviewer called a risk weighs as an error at least. */
function severityOf({ tally, mark }: Cluster): Severity {
  const severity = usualSeverity(tally.severities);
  return (mark === 'risk' || mark === 'always-fail') && severity !== 'fatal' ? 'error' : severity;
}

function isWorth({ ratio }: FrequencyFinding, { leastRatio }: Strictness): boolean {
  return ratio >= leastRatio || ratio <= 1 / leastRatio;
}

/** How much errors alone weigh against novelties of every severity, and how much novelties weigh against frequencies. */
const shareOfErrors = 0.7;
export const shareOfUnknown = 0.7;

/** Two e-values and their mean: over every severity, and over errors alone, which warnings of the baseline must not drown. */
function poolUnknown(unknown: readonly Weighed[], clusters: readonly Cluster[], against: 'baseline' | 'before', share: number): number {
  const all = { canary: 0, baseline: 0 }, errors = { canary: 0, baseline: 0 };
  const add = (side: 'canary' | 'baseline', tally: Tally, severity: Severity): void => {
    const weight = weightOf(tally, severity, side === 'canary' ? 'canary' : against);
    all[side] += weight;
    if (severity === 'error' || severity === 'fatal') errors[side] += weight;
  };
  for (const { cluster, severity } of unknown) { add('canary', cluster.tally, severity); add('baseline', cluster.tally, severity); }
  for (const { tally, learned } of clusters) if (!learned && isOnlyOn(tally, against)) add('baseline', tally, usualSeverity(tally.severities));
  return lnMean(lnEvidenceOfMore(errors.canary, errors.baseline, share), lnEvidenceOfMore(all.canary, all.baseline, share), shareOfErrors);
}

/** Novelties turn up on both sides by chance, in proportion to traffic: those of the baseline alone are what the canary's are held against. */
function isOnlyOn({ counts }: Tally, against: 'baseline' | 'before'): boolean {
  return counts.canary + (against === 'baseline' ? counts.before : counts.baseline) === 0;
}

/** ln of the mean of two e-values, of which the first weighs `share`: a mean of e-values is one. */
export function lnMean(a: number, b: number, share: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log(share * Math.exp(a - high) + (1 - share) * Math.exp(b - high));
}

/** Lines that count: weighed by severity, and lines of the same second less and less, as one failure may write many. */
function weightOf(tally: Tally, severity: Severity, role: 'canary' | 'baseline' | 'before'): number {
  const { line, most } = unknownWeights[severity];
  return Math.min(most, line * eventsIn(tally.timelines[role]));
}

function eventsIn(timeline: Timeline): number {
  let events = 0;
  timeline.each((_, lines) => { events += 1 + Math.log(lines); });
  return events;
}

/** A weighted mean of e-values is one. What is only informative may hold a deployment, never fail it. */
function poolFrequencies(known: readonly Weighed[], { threshold }: Strictness): number {
  let sum = 0, total = 0;
  for (const { finding, severity } of known) {
    if (!finding) continue;
    const { up, down } = frequencyWeights[severity];
    const weight = finding.direction === 'up' ? up : down;
    const mayFail = finding.direction === 'up' && (severity === 'warn' || severity === 'error' || severity === 'fatal' || severity === 'unknown');
    total += Math.max(up, down);
    const evidence = Math.exp(Math.min(600, finding.lnEvidence));
    sum += weight * (mayFail ? evidence : Math.min(evidence, threshold));
  }
  return total === 0 ? -Infinity : Math.log(sum / total);
}
