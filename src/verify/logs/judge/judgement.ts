// From weighed clusters to an outcome: what fails, what holds, and what may pass.
import type { LearnedEvents } from '../../../model/evidence/evidence.ts';
import type { Outcome } from '../../../model/evidence/verdict.ts';
import { assessClusters, type Assessment, type Exposure, type Weighed } from './assessment.ts';
import type { Cluster } from '../count/clusters.ts';
import { holdsFrom, isError, isTrouble, type Strictness } from '../settings.ts';

export interface JudgedFacts {
  readonly canaryMs: number;
  /** Least time of canary evidence before a pass may be said. */
  readonly minimumMs: number;
  readonly canaryLines: number;
  readonly exposure: Exposure;
}

export interface Judgement extends Assessment {
  readonly outcome: Outcome;
}

export function judgeClusters(clusters: readonly Cluster[], facts: JudgedFacts, strictness: Strictness): Judgement {
  const assessment = assessClusters(clusters, facts.exposure, strictness);
  return { ...assessment, outcome: outcomeOf(assessment, facts, strictness) };
}

function outcomeOf(
  { weighed, lnEvidence }: Assessment,
  { exposure, canaryLines, canaryMs, minimumMs }: JudgedFacts,
  { threshold }: Strictness,
): Outcome {
  if (weighed.some(({ cluster }) => cluster.mark === 'always-fail' && cluster.tally.counts.canary > 0)) return 'fail';
  if (canaryLines === 0 || !exposure.hasReference) return 'inconclusive';
  if (lnEvidence >= Math.log(threshold)) return 'fail';
  return canaryMs < minimumMs || weighed.some(isSuspicious) ? 'inconclusive' : 'pass';
}

/**
 * What a pass may not have. One line of a new warning or of new information is no such thing: new releases have them.
 */
export function isSuspicious({ class: kind, severity, finding, weight }: Weighed): boolean {
  switch (kind) {
    case 'known':
      return false;
    case 'unknown':
      return isError(severity) || weight >= holdsFrom;
    case 'unexpected-frequency':
      return finding?.direction === 'up' ? severity !== 'debug' && severity !== 'trace' : !isTrouble(severity);
    default:
      return kind satisfies never;
  }
}

/** Fewer lines than that say nothing of what a service usually logs. */
const leastReference = 20;

/** Whether there is anything that makes a line known: without it every line would be new, and none of it news. */
export function hasReference(learned: LearnedEvents | undefined, baselineLines: number, canaryLines: number): boolean {
  return (learned?.deployments ?? 0) > 0 || baselineLines >= Math.min(leastReference, Math.max(1, canaryLines));
}
