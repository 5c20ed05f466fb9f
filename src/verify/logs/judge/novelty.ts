// The evidence of unknown clusters: weighed lines that only the canary has, held against what only the baseline has.
import { lnEvidenceOfMore } from './betaMixture.ts';
import type { Cluster } from '../count/clusters.ts';
import { describe } from '../template/recognition.ts';
import { isError, isTrouble, mostInformation, mostWarnings, unknownWeights } from '../settings.ts';
import { severityOfWords } from '../text/severity.ts';
import { severityOf, type Against } from './expectations.ts';
import type { Tally } from '../count/tally.ts';
import type { Timeline } from '../count/timeline.ts';

/**
 * Lines that count: weighed by severity, and lines of the same second less and less, as one failure may write many.
 * Information that speaks of trouble weighs like a warning.
 */
export function weightOf(cluster: Cluster, role: 'canary' | Against): number {
  const severity = severityOf(cluster);
  const { line, most } =
    unknownWeights[severity === 'info' && isTrouble(severityOfWords(describe(cluster.group))) ? 'warn' : severity];
  return Math.min(most, line * eventsIn(cluster.tally.timelines[role]));
}

function eventsIn(timeline: Timeline): number {
  let events = 0;
  timeline.each((_, lines) => {
    events += 1 + Math.log(lines);
  });
  return events;
}

interface Weight {
  errors: number;
  warnings: number;
  information: number;
}

/**
 * ln of two e-values: of unknown errors alone, which warnings of the baseline must not drown, and of all severities.
 * `comparable`: the known clusters, `share`: the canary's of all traffic.
 */
export function weighUnknown(
  unknown: readonly Cluster[],
  comparable: readonly Cluster[],
  against: Against,
  share: number,
  moreErrors = 0,
): { readonly lnErrors: number; readonly lnAll: number } {
  const canary: Weight = { errors: moreErrors, warnings: 0, information: 0 },
    baseline: Weight = { errors: 0, warnings: 0, information: 0 };
  for (const cluster of unknown) {
    add(canary, cluster, 'canary');
    add(baseline, cluster, against);
  }
  // Novelties turn up on both sides by chance, in proportion to traffic: those of the baseline alone are what the
  // canary's are held against. Each counts as one line of it: an error that the baseline repeats is usual there, and
  // must not excuse another one on the canary.
  for (const cluster of comparable)
    if (!cluster.learned && isOnlyOn(cluster.tally, against))
      add(baseline, cluster, against, unknownWeights[severityOf(cluster)].line);
  return {
    lnErrors: Math.max(
      lnEvidenceOfMore(canary.errors, baseline.errors, share),
      lnOfRepeated(unknown, comparable, against, share),
    ),
    lnAll: lnEvidenceOfMore(sum(canary), sum(baseline), share),
  };
}

/**
 * ln of the evidence of the unknown error that occurs most often, whichever logger wrote it. Single errors that only
 * the baseline has do not excuse an error that repeats. Errors that only the baseline has, and has as often, do: with n
 * of them the evidence is divided by n + 1.
 */
function lnOfRepeated(
  unknown: readonly Cluster[],
  comparable: readonly Cluster[],
  against: Against,
  share: number,
): number {
  const occurrences = new Map<string, number>();
  for (const cluster of unknown) {
    if (!isError(severityOf(cluster)) || cluster.tally.counts[against] > 0) continue;
    const template = describe(cluster.group);
    occurrences.set(template, (occurrences.get(template) ?? 0) + eventsIn(cluster.tally.timelines.canary));
  }
  const most = Math.max(0, ...occurrences.values());
  if (most === 0) return -Infinity;
  const alike = comparable.filter(
    cluster =>
      !cluster.learned &&
      isOnlyOn(cluster.tally, against) &&
      isError(severityOf(cluster)) &&
      eventsIn(cluster.tally.timelines[against]) >= most,
  );
  return lnEvidenceOfMore(unknownWeights.error.line * most, 0, share) - Math.log(1 + alike.length);
}

function add(weight: Weight, cluster: Cluster, role: 'canary' | Against, most = Infinity): void {
  const severity = severityOf(cluster);
  weight[isError(severity) ? 'errors' : severity === 'warn' ? 'warnings' : 'information'] += Math.min(
    most,
    weightOf(cluster, role),
  );
}

function sum({ errors, warnings, information }: Weight): number {
  return errors + Math.min(mostWarnings, warnings) + Math.min(mostInformation, information);
}

function isOnlyOn({ counts }: Tally, against: Against): boolean {
  return counts.canary + (against === 'baseline' ? counts.before : counts.baseline) === 0;
}
