// Checks, decisions, comparisons and failures in words, from codes and numbers, for panel, report and terminal.
import { messageWithCause, type Failure } from '../../model/failure.ts';
import type { Decision, Person } from '../../model/runs/runEvents.ts';
import type { Check, ClusterReport, Comparison, MetricForecast, Reason } from '../../model/evidence/verdict.ts';
import { formatCount, formatDuration, formatMeasure, formatShare, joinParts, judgedChange, scaleOf } from './format.ts';
import { plainLine } from './plainText.ts';
import { t } from './translate.ts';
import { unknownSentence } from './clusterPhrases.ts';
import { answerWord, decisionWord, personName } from './words.ts';
import { reasonSentence, lackingSentence, readers } from './reasonSentences.ts';

/** What the canary was compared with: `nodes that run the old release at the same time`. */
export function comparisonPhrase(comparison: Comparison): string {
  const { lacking } = comparison;
  return `${comparedWith(comparison)}${lacking ? `; ${lackingSentence(lacking)}` : ''}`;
}

function comparedWith(comparison: Comparison): string {
  switch (comparison.mode) {
    case 'canary':
      return t('nodes that run the old release at the same time');
    case 'previous':
      return comparison.dayBefore
        ? t('the same nodes before the deployment and at the same time of the previous day (weaker evidence)')
        : t('the same nodes before the deployment (weaker evidence)');
    case 'learned':
      return comparison.run === undefined
        ? t('what was learned from {0} (weaker evidence)', formatCount(comparison.deployments ?? 0, 'good deployment'))
        : t('run {0}, the last good one (weaker evidence)', comparison.run);
    case 'phase':
      return t('the new release in the earlier phase of this run (weaker evidence)');
    case 'load-test':
      return comparison.by === undefined
        ? t('run {0}, as the pipeline says', comparison.run)
        : t('run {0}, pinned by {1}', comparison.run, plainLine(comparison.by, 80));
    default:
      return comparison satisfies never;
  }
}

/** The finding of a check, its strongest reason first. */
export function checkSentence(check: Check): string {
  const [first, ...rest] = check.reasons;
  if (!first && check.kind !== 'measurement')
    return check.kind === 'metric'
      ? metricSentence(check)
      : t(
          '{0} against {1}',
          formatCount(check.canaryLines, 'canary line'),
          formatCount(check.baselineLines, 'baseline line'),
        );
  if (!first) return answerWord(check.outcome);
  const main =
    first.code === 'unknown-clusters' && check.kind === 'logs'
      ? unknownOf(first, check.clusters)
      : reasonSentence(first);
  return [main, ...rest.map(reasonSentence)].join('; ');
}

/** `checkSentence` beside the name of the check, which it does not repeat. */
export function checkFinding(check: Check): string {
  const sentence = checkSentence(check),
    name = plainLine(check.name, 80);
  return sentence.startsWith(`${name} `) ? sentence.slice(name.length).trimStart() : sentence;
}

/** `quality`, `quality (start-up)`, `performance, p95 latency`. */
export function checkTitle({ source, name }: Pick<Check, 'source' | 'name'>): string {
  const isNamed = name === source || name.startsWith(`${source} (`);
  return joinParts([!isNamed && plainLine(source, 80), plainLine(name, 80)]);
}

/** A decision's reasons; what was unknown has the name that its check gives it. */
export function decisionReasons(reasons: readonly Reason[], checks: readonly Check[]): string {
  const clusters = checks.flatMap(check => (check.kind === 'logs' ? check.clusters : []));
  return reasons
    .map(reason => (reason.code === 'unknown-clusters' ? unknownOf(reason, clusters) : reasonSentence(reason)))
    .join('; ');
}

/** Less is what every source needs, and says nothing. */
const leastLagMs = 1_000;

/** The measured delay of a check's evidence; empty if none was measured, or hardly any. */
export function timingPhrase({ timing }: Check): string {
  return timing && timing.delayMs >= leastLagMs ? `, ${t('data lag {0}', formatDuration(timing.delayMs))}` : '';
}

/** If every unknown cluster is an exception, they are called exceptions, which is what a reviewer looks for. */
export function nameUnknown(clusters: readonly ClusterReport[], count: number): string {
  const unknown = clusters.filter(cluster => cluster.class === 'unknown');
  const allExceptions =
    unknown.length > 0 && unknown.every(cluster => /(?:Exception|Error)\b/.test(cluster.template.slice(0, 400)));
  return formatCount(count, allExceptions ? 'new exception' : 'new log event');
}

export function failureSentence(failure: Failure): string {
  const { message, cause } = failure;
  return plainLine(cause && message.includes(cause) ? message : messageWithCause(failure));
}

export function decisionSentence(decision: Decision, by: Person, comment?: string): string {
  return `${t('{0}, by {1}', decisionWord(decision), personName(by))}${comment ? `: ${plainLine(comment, 300)}` : ''}`;
}

function unknownOf(reason: Reason, clusters: readonly ClusterReport[]): string {
  const { number } = readers(reason);
  return unknownSentence(
    nameUnknown(clusters, number('clusters')),
    number('deployments'),
    number('lines'),
    number('nodes'),
  );
}

function metricSentence({ name, canary, baseline, change, unit, allowed }: Check & { kind: 'metric' }): string {
  const shown = scaleOf(unit, [canary, baseline]),
    value = (one: number | null): string =>
      one === null ? t('no data') : formatMeasure(one * shown.factor, shown.unit);
  const compared = t('{0} {1} against {2}', plainLine(name, 80), value(canary), value(baseline));
  return change === null ? compared : `${compared} (${judgedChange(change, allowed?.direction ?? 'either', unit)})`;
}

/**
 * The smallest change that the planned duration can detect: `in 5:00, only a change of errors by 100 % or more can be
 * detected; detecting 50 % takes 12:00`.
 */
export function forecastSentence(
  name: string,
  { durationMs, smallestChange, change, neededMs }: MetricForecast,
): string {
  const within = formatDuration(durationMs),
    metric = plainLine(name, 80);
  const shown =
    smallestChange === null
      ? t('in {0}, no change of {1} can be detected', within, metric)
      : t('in {0}, only a change of {1} by {2} or more can be detected', within, metric, formatShare(smallestChange));
  if (smallestChange !== null && smallestChange <= change) return shown;
  const needed =
    neededMs === null
      ? t('detecting {0} would take very long', formatShare(change))
      : t('detecting {0} takes {1}', formatShare(change), formatDuration(neededMs));
  return `${shown}; ${needed}`;
}
