// Weighs the clusters: which are unknown, which are of unexpected frequency, and what all of it together says about the
// canary.
import type { Role, Severity } from '../../../model/evidence/evidence.ts';
import type { ClusterClass } from '../../../model/evidence/verdict.ts';
import { evidenceOfMoreThan, shareOf } from './betaMixture.ts';
import type { Cluster } from '../count/clusters.ts';
import type { Span } from './dispersion.ts';
import type { Family } from './families.ts';
import { findFrequencies, selectByFalseDiscovery, type FrequencyFinding } from './frequency.ts';
import type { Measures } from './measures.ts';
import { findMissing } from './missing.ts';
import { weighUnknown } from './novelty.ts';
import { evidenceShares, frequencyWeights, isTrouble, type Strictness } from '../settings.ts';
import { sortByStanding, type Against } from './expectations.ts';

export interface Exposure {
  /** Whether anything is known to compare with; without it no cluster is called unknown. */
  readonly hasReference: boolean;
  readonly against: Against;
  /** What stands for the time before is a run of before. */
  readonly isRun?: boolean;
  /** Canary traffic over that side's, over the time that was seen. */
  readonly trafficRatio: number;
  /** Time in which that side was seen. */
  readonly span: Span;
  readonly canarySpan: Span;
  /** Canary nodes times minutes. */
  readonly nodeMinutes: number;
  /** What was counted for this check. */
  readonly measures: Measures;
}

export interface Weighed {
  readonly cluster: Cluster;
  readonly class: ClusterClass;
  readonly severity: Severity;
  readonly finding: FrequencyFinding | undefined;
  /** What its lines and those of clusters that say the same count as an unknown one, 0 where it is known. */
  readonly weight: number;
  /** ln of its own evidence of being a risk. */
  readonly lnEvidence: number;
}
export interface Assessment {
  readonly weighed: readonly Weighed[];
  /** ln of the e-value of all of it together. */
  readonly lnEvidence: number;
  /** The same if there were so many more lines of unknown errors. */
  lnEvidenceWith(moreErrors: number): number;
}

export function assessClusters(clusters: readonly Cluster[], exposure: Exposure, strictness: Strictness): Assessment {
  const { against, trafficRatio, hasReference, measures } = exposure;
  const { unknown, comparable, suppressed } = sortByStanding(clusters, hasReference, against);
  const share = shareOf(trafficRatio, 1),
    evidenceOf = evidenceOfMoreThan(share);
  const together = measures.weightsTogether(unknown);
  const fresh = unknown.map((cluster): Weighed => {
    const weight = measures.weight(cluster, 'canary');
    return {
      cluster,
      class: 'unknown',
      severity: cluster.severity,
      finding: undefined,
      weight: together.get(cluster) ?? weight,
      lnEvidence: evidenceOf(weight, measures.weight(cluster, against)),
    };
  });
  // A side that logged nothing at all says that it could not be read, not that every cluster went away.
  const canCompare =
    hasReference &&
    ([against, 'canary'] satisfies Role[]).every(role => clusters.some(({ tally }) => tally.counts[role] > 0));
  const missing =
    canCompare && against === 'baseline' ? findMissing(comparable) : { clusters: new Set<Cluster>(), lnEvidence: 0 };
  const known = compareFrequencies(comparable, exposure, strictness).map((one): Weighed => {
    const isMissing = missing.lnEvidence >= Math.log(strictness.threshold / 2) && missing.clusters.has(one.cluster);
    return canCompare && isMissing
      ? { ...one, class: 'unexpected-frequency' }
      : canCompare
        ? one
        : { ...one, class: 'known' };
  });
  const quiet = suppressed.map((cluster): Weighed => ({
    cluster,
    class: 'known',
    severity: cluster.severity,
    finding: undefined,
    weight: 0,
    lnEvidence: 0,
  }));
  const lnFrequency = poolFrequencies(known, strictness),
    lnMissing = Math.min(missing.lnEvidence, Math.log(strictness.threshold));
  const lnUnknownWith = weighUnknown(unknown, comparable, measures, share);
  const lnEvidenceWith = (moreErrors: number): number => {
    const { lnErrors, lnAll } = lnUnknownWith(moreErrors);
    return lnMean([
      [lnErrors, evidenceShares.unknownErrors],
      [lnAll, evidenceShares.unknownOfAnySeverity],
      // What is missing may hold a deployment, never fail it: logging that was taken out is missing too.
      [lnMissing, evidenceShares.missing],
      [lnFrequency, evidenceShares.frequency],
    ]);
  };
  const isDriven = canCompare && lnFrequency >= Math.log(strictness.threshold),
    named = isDriven ? known.map(one => nameDriver(one, strictness)) : known;
  return { weighed: [...fresh, ...named, ...quiet], lnEvidence: lnEvidenceWith(0), lnEvidenceWith };
}

function compareFrequencies(
  comparable: readonly Cluster[],
  { against, isRun = false, trafficRatio, nodeMinutes, measures }: Exposure,
  strictness: Strictness,
): Weighed[] {
  const findings = measures.findings(comparable, strictness.tolerance, () => {
    // What a good deployment taught is known of each event alone, and speaks for the time before.
    const families = against === 'baseline' ? measures.families(comparable) : [];
    const inputs = [...comparable, ...families.map(({ whole }) => whole)].map(measures.frequencyInput);
    const found = findFrequencies(inputs, {
      trafficRatio,
      tolerance: strictness.tolerance,
      isPast: against === 'before',
      isRun,
      nodeMinutes,
    });
    return withFamilies(found, families);
  });
  const selected = selectByFalseDiscovery(
    findings.map(finding => (isWorth(finding, strictness) ? finding : { ...finding, lnEvidence: -Infinity })),
    strictness.discoveryRate,
  );
  return comparable.map((cluster, i) => ({
    cluster,
    class: selected.has(i) ? 'unexpected-frequency' : 'known',
    severity: cluster.severity,
    finding: findings[i]!,
    weight: 0,
    lnEvidence: findings[i]!.lnEvidence,
  }));
}

/**
 * The findings of the clusters alone: where one changes as its whole family does, the mean of both e-values, which is
 * one too.
 */
function withFamilies(found: readonly FrequencyFinding[], families: readonly Family[]): FrequencyFinding[] {
  const own = found.slice(0, found.length - families.length);
  families.forEach(({ members }, i) => {
    const whole = found[own.length + i]!;
    // One member that explains it all is named alone.
    if (members.some(member => own[member]!.lnEvidence >= whole.lnEvidence)) return;
    for (const member of members) {
      const one = own[member]!;
      if (one.lnEvidence <= 0 || one.ratio > 1 !== (whole.direction === 'up')) continue;
      const lnEvidence = lnMean([
        [one.lnEvidence, 0.5],
        [whole.lnEvidence, 0.5],
      ]);
      if (lnEvidence > one.lnEvidence)
        own[member] = { ...one, direction: whole.direction, lnEvidence, lnAttainable: whole.lnAttainable };
    }
  });
  return own;
}

function isWorth({ ratio }: FrequencyFinding, { leastRatio }: Strictness): boolean {
  return ratio >= leastRatio || ratio <= 1 / leastRatio;
}

/** What drives the evidence of a check that may fail is named, even where too many tests leave it unselected. */
function nameDriver(one: Weighed, { threshold }: Strictness): Weighed {
  return one.class === 'known' && one.finding && mayFail(one) && one.lnEvidence >= Math.log(threshold)
    ? { ...one, class: 'unexpected-frequency' }
    : one;
}

/** More of what is no information: only that can fail a deployment. */
function mayFail({ finding, severity }: Weighed): boolean {
  return finding?.direction === 'up' && (isTrouble(severity) || severity === 'unknown');
}

/** ln of a weighted mean of e-values, which is one. */
function lnMean(parts: readonly (readonly [ln: number, share: number])[]): number {
  const high = Math.max(...parts.map(([ln]) => ln));
  return high === -Infinity
    ? high
    : high + Math.log(parts.reduce((sum, [ln, share]) => sum + share * Math.exp(ln - high), 0));
}

/** ln of a weighted mean of e-values. What is only informative may hold a deployment, never fail it. */
function poolFrequencies(known: readonly Weighed[], { threshold }: Strictness): number {
  let sum = 0,
    total = 0;
  for (const one of known) {
    const { finding, severity } = one;
    if (!finding) continue;
    const { up, down } = frequencyWeights[severity];
    const weight = finding.direction === 'up' ? up : down;
    total += Math.max(up, down);
    const evidence = Math.exp(Math.min(600, finding.lnEvidence));
    sum += weight * (mayFail(one) ? evidence : Math.min(evidence, threshold));
  }
  return total === 0 ? -Infinity : Math.log(sum / total);
}
