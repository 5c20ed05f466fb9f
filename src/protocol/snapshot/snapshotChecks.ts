// The checks as the panel lists them: the finding, the data, the queries, and the evidence over the evaluations.
import type { VerificationState } from '../../model/runs/runState.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { HealthSource } from '../../model/healthSource.ts';
import type {
  Check,
  MeasurementCheck,
  MetricCheck,
  MetricSeries,
  Outcome,
  VerificationReport,
} from '../../model/evidence/verdict.ts';
import { joinParts, formatCount, formatTime } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { isSilence } from '../words/waitingSentences.ts';
import { checkSentence, comparisonPhrase, timingPhrase } from '../words/sentences.ts';
import { metricFigures, type MetricFigures } from './snapshotMetric.ts';
import { snapshotQueries, type PageOf, type QueriesSnapshot } from './snapshotQueries.ts';
import { snapshotEvidence, type EvidenceSnapshot } from './snapshotEvidence.ts';
import { t } from '../words/translate.ts';
import { neededSentence, whatIfSentence } from '../words/whatIfSentence.ts';

/** The verification that counts for a stage, with its latest full report. */
export interface VerifiedStage {
  readonly stage: string;
  readonly verification: VerificationState;
  readonly report: VerificationReport;
  /** The time of the decision that followed. */
  readonly decidedAtMs?: number;
}
export interface CheckSnapshot {
  readonly id: string;
  readonly kind: Check['kind'];
  readonly name: string;
  readonly source: string;
  readonly outcome: Outcome;
  /** The verification is still running, so the outcome is not final. */
  readonly running: boolean;
  /** While it runs: its source has no data of canary nodes. */
  readonly silent?: boolean;
  readonly sentence: string;
  readonly data: string;
  /** `nodes that run the old release at the same time`; absent in reports that did not record it. */
  readonly against?: string;
  /** `would pass at low sensitivity`; absent if nothing would change the outcome. */
  readonly whatIf: readonly string[];
  /** For a metric: the most informative of its short texts. */
  readonly margin?: string;
  /** For a metric. */
  readonly figures?: MetricFigures;
  /** `about 4 more minutes at this traffic`, while the verification runs. */
  readonly needed?: string;
  /** For a metric. */
  readonly series?: SeriesSnapshot;
  readonly queries: QueriesSnapshot;
  /** Absent for a measurement, which has no statistical evidence. */
  readonly evidence?: EvidenceSnapshot;
}
/** Values in `unit`; null is a gap. */
export interface SeriesSnapshot extends MetricSeries {
  readonly unit?: string;
  /** The time from which the canary nodes ran the new release. */
  readonly sinceMs: number;
  readonly decidedAtMs?: number;
}
const mostPoints = 720,
  mostNodes = 40;
const order: readonly Outcome[] = ['fail', 'inconclusive', 'pass'];

export function snapshotChecks(
  stages: readonly VerifiedStage[],
  events: readonly RunEvent[],
  pageOf?: PageOf,
): readonly CheckSnapshot[] {
  return stages
    .flatMap(stage => stage.report.checks.map(check => snapshotCheck(check, stage, stages.length > 1, events, pageOf)))
    .sort((left, right) => order.indexOf(left.outcome) - order.indexOf(right.outcome));
}

function snapshotCheck(
  check: Check,
  stage: VerifiedStage,
  isNamed: boolean,
  events: readonly RunEvent[],
  pageOf: PageOf | undefined,
): CheckSnapshot {
  const { verification } = stage;
  const fixed = events.find(event => event.type === 'run-started')?.fixed,
    parts = check.kind === 'metric' ? metricParts(check, stage, fixed?.healthSources[check.source]) : undefined;
  const running = verification.status === 'running',
    needed = running ? neededSentence(check) : undefined,
    margin =
      check.kind === 'metric' ? (check.whatIf?.find(({ code }) => code === 'change') ?? check.whatIf?.[0]) : undefined;
  return {
    id: `${verification.key}/${check.source}/${check.name}`,
    kind: check.kind,
    name: plainLine(check.name, 80),
    source: [...(isNamed ? [stage.stage] : []), check.source].map(name => plainLine(name, 80)).join(', '),
    outcome: check.outcome,
    running,
    ...(running && check.reasons.some(isSilence) && { silent: true }),
    sentence: checkSentence(check),
    data: dataOf(check, parts?.figures),
    whatIf: (check.whatIf ?? []).map(whatIfSentence),
    ...(margin && { margin: whatIfSentence(margin) }),
    ...(needed && { needed }),
    ...(check.comparison && { against: comparisonPhrase(check.comparison) }),
    queries: snapshotQueries(
      verification.queries.filter(query => query.source === check.source),
      fixed,
      pageOf,
    ),
    ...(check.kind !== 'measurement' && { evidence: snapshotEvidence(check, verification, events) }),
    ...parts,
  };
}

function metricParts(
  check: MetricCheck,
  stage: VerifiedStage,
  source: HealthSource | undefined,
): Pick<CheckSnapshot, 'figures' | 'series'> {
  const figures = metricFigures(check, source);
  return { figures, ...(check.series && { series: seriesOf(check.series, figures, stage) }) };
}

/** The latest points, if there are more than a chart can show. */
function seriesOf(
  series: MetricSeries,
  { unit, factor }: MetricFigures,
  { verification, decidedAtMs }: VerifiedStage,
): SeriesSnapshot {
  const cut = Math.max(0, series.canary.length - mostPoints);
  const latest = (values: readonly (number | null)[]): readonly (number | null)[] =>
    values.slice(cut).map(value => (value === null ? null : value * factor));
  return {
    startMs: series.startMs + cut * series.intervalMs,
    intervalMs: series.intervalMs,
    canary: latest(series.canary),
    baseline: latest(series.baseline),
    low: latest(series.low),
    high: latest(series.high),
    nodes: Object.fromEntries(
      Object.entries(series.nodes)
        .slice(0, mostNodes)
        .map(([node, values]) => [plainLine(node, 80), latest(values)]),
    ),
    ...(series.range && {
      range: series.range.map(({ atMs, low, high }) => ({ atMs, low: low * factor, high: high * factor })),
    }),
    ...(unit && { unit }),
    sinceMs: verification.sinceMs,
    ...(decidedAtMs !== undefined && { decidedAtMs }),
  };
}

function dataOf(check: Check, figures: MetricFigures | undefined): string {
  if (check.kind === 'logs')
    return (
      joinParts([
        formatCount(check.canaryLines, 'canary line'),
        formatCount(check.baselineLines, 'baseline line'),
        formatCount(check.learnedDeployments, 'good deployment'),
      ]) + timingPhrase(check)
    );
  if (check.kind === 'measurement') return measured(check);
  return figures ? `${t('canary {0}, baseline {1}', figures.canary, figures.baseline)}${timingPhrase(check)}` : '';
}

/** `4 answers, the latest at 14:13:24`. */
function measured({ answers }: MeasurementCheck): string {
  const latest = answers.at(-1);
  return latest
    ? t('{0}, the latest at {1}', formatCount(answers.length, 'answer'), formatTime(latest.atMs))
    : t('no data');
}
