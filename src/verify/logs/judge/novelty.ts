// The evidence of unknown clusters: weighed lines that only the canary has, held against what only the baseline has.
import { lnEvidenceOfMore } from './betaMixture.ts';
import type { Cluster } from '../count/clusters.ts';
import { describe } from '../template/recognition.ts';
import { isError, isTrouble, mostInformation, mostWarnings, unknownWeights } from '../settings.ts';
import type { Against } from './expectations.ts';
import type { Measures } from './measures.ts';
import type { Tally } from '../count/tally.ts';

interface Weight {
  errors: number;
  warnings: number;
  information: number;
}

/**
 * ln of two e-values if there were so many more lines of unknown errors: of unknown errors alone, which warnings of the
 * baseline must not drown, and of all severities. `comparable`: the known clusters, `share`: the canary's of all
 * traffic.
 */
export function weighUnknown(
  unknown: readonly Cluster[],
  comparable: readonly Cluster[],
  measures: Measures,
  share: number,
): (moreErrors: number) => { readonly lnErrors: number; readonly lnAll: number } {
  const canary: Weight = { errors: 0, warnings: 0, information: 0 },
    baseline: Weight = { errors: 0, warnings: 0, information: 0 };
  const failures = templatesOfErrors(unknown);
  for (const cluster of unknown) {
    const { severity } = cluster,
      isFailure = severity === 'warn' && failures.has(describe(cluster.group));
    for (const [weight, role] of [
      [canary, 'canary'],
      [baseline, measures.against],
    ] as const)
      if (isFailure) weight.errors += unknownWeights.error.line * measures.events(cluster, role);
      else add(weight, cluster, measures.weight(cluster, role));
  }
  // Novelties turn up on both sides by chance, in proportion to traffic: those of the baseline alone are what the
  // canary's are held against. Each counts as one line of it: an error that the baseline repeats is usual there, and
  // must not excuse another one on the canary.
  for (const cluster of comparable)
    if (!cluster.learned && isOnlyOn(cluster.tally, measures.against))
      add(
        baseline,
        cluster,
        Math.min(unknownWeights[cluster.severity].line, measures.weight(cluster, measures.against)),
      );
  const lnRepeated = lnOfRepeated(unknown, comparable, failures, measures, share),
    lnFatal = lnOfFatal(unknown, comparable, measures, share);
  return moreErrors => ({
    lnErrors: Math.max(lnEvidenceOfMore(canary.errors + moreErrors, baseline.errors, share), lnRepeated, lnFatal),
    lnAll: lnEvidenceOfMore(sum(canary) + moreErrors, sum(baseline), share),
  });
}

/**
 * ln of the evidence of the unknown error that occurs most often, whichever logger wrote it. Single errors that only
 * the baseline has do not excuse an error that repeats. Errors that only the baseline has, and has as often, do: with n
 * of them the evidence is divided by n + 1.
 */
function lnOfRepeated(
  unknown: readonly Cluster[],
  comparable: readonly Cluster[],
  failures: ReadonlySet<string>,
  measures: Measures,
  share: number,
): number {
  const occurrences = new Map<string, number>();
  for (const cluster of unknown) {
    if (!isTrouble(cluster.severity) || cluster.tally.counts[measures.against] > 0) continue;
    const template = describe(cluster.group);
    if (!failures.has(template)) continue;
    occurrences.set(template, (occurrences.get(template) ?? 0) + measures.events(cluster, 'canary'));
  }
  const most = Math.max(0, ...occurrences.values());
  if (most === 0) return -Infinity;
  const alike = comparable.filter(
    cluster =>
      !cluster.learned &&
      isOnlyOn(cluster.tally, measures.against) &&
      isError(cluster.severity) &&
      measures.events(cluster, measures.against) >= most,
  );
  return lnEvidenceOfMore(unknownWeights.error.line * most, 0, share) - Math.log(1 + alike.length);
}

/** ln of the evidence of unknown fatal lines alone: fatal events that the baseline has excuse them, errors do not. */
function lnOfFatal(
  unknown: readonly Cluster[],
  comparable: readonly Cluster[],
  measures: Measures,
  share: number,
): number {
  const fatal = unknown.filter(({ severity }) => severity === 'fatal');
  if (fatal.length === 0) return -Infinity;
  // Where fatal lines are usual, as those of a database's clients, one more is no sign.
  const usual = comparable.filter(({ severity, tally }) => severity === 'fatal' && tally.counts[measures.against] > 0);
  const weight = (clusters: readonly Cluster[], role: 'canary' | Against): number =>
    clusters.reduce((all, cluster) => all + measures.weight(cluster, role), 0);
  return lnEvidenceOfMore(
    weight(fatal, 'canary'),
    weight(fatal, measures.against) + usual.length * unknownWeights.fatal.line,
    share,
  );
}

/**
 * The templates of unknown errors. An exception after a warning has the level of the warning, even if it follows by
 * chance: it counts as an error if the same template is an unknown error as well.
 */
function templatesOfErrors(unknown: readonly Cluster[]): ReadonlySet<string> {
  return new Set(unknown.flatMap(({ severity, group }) => (isError(severity) ? [describe(group)] : [])));
}

function add(weight: Weight, cluster: Cluster, counted: number): void {
  const { severity } = cluster;
  weight[isError(severity) ? 'errors' : severity === 'warn' ? 'warnings' : 'information'] += counted;
}

function sum({ errors, warnings, information }: Weight): number {
  return errors + Math.min(mostWarnings, warnings) + Math.min(mostInformation, information);
}

function isOnlyOn({ counts }: Tally, against: Against): boolean {
  return counts.canary + (against === 'baseline' ? counts.before : counts.baseline) === 0;
}
