// For a canary that is neither good nor bad: what each interval of the undecided check said, oldest first.
import type { StageState } from '../../../model/runs/runState.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import type { Check, MetricCheck } from '../../../model/evidence/verdict.ts';
import { formatCount, formatDuration, formatMeasure, formatTime, joinParts } from '../../words/format.ts';
import { latestVerification } from '../../words/latestVerification.ts';
import { plainLine } from '../../words/plainText.ts';
import { reasonSentence } from '../../words/reasonSentences.ts';
import { t } from '../../words/translate.ts';
import { neededSentence } from '../../words/whatIfSentence.ts';
import type { CheckSnapshot, SeriesSnapshot } from '../snapshotChecks.ts';

export interface IntervalsSnapshot {
  /** Of the check, whose confidence belongs beside the strip. */
  readonly check: string;
  /** `error rate, intervals of 30 s`. */
  readonly title: string;
  /** The latest ones. */
  readonly intervals: readonly IntervalSnapshot[];
  /** Times of the first and of the end of the last. */
  readonly from: string;
  readonly to: string;
  /** `16 of 20 intervals have data, 2 of them beyond the limit.` */
  readonly summary: string;
  /** `Needs about 1 more minute at this traffic.` */
  readonly needed?: string;
}

export interface IntervalSnapshot {
  /** `beyond`: worse than allowed, by itself no proof. `none`: no data. */
  readonly kind: 'within' | 'beyond' | 'none';
  readonly text: string;
}

const mostIntervals = 60;
/** Reasons of an evaluation that saw nothing. */
const unseen: readonly string[] = ['could-not-read', 'silent', 'no-canary-data'],
  worse: readonly string[] = ['unknown-clusters', 'cluster-frequency', 'metric-regressed', 'metric-limit'];

/** Null: every check of the stage decided, or nothing was evaluated. */
export function snapshotIntervals(
  stage: StageState,
  checks: readonly CheckSnapshot[],
  events: readonly RunEvent[],
): IntervalsSnapshot | null {
  const verification = latestVerification(stage);
  const shown = checks.find(one => one.outcome !== 'pass' && one.id.startsWith(`${verification?.key}/`));
  const check = verification?.report?.checks.find(
    ({ source, name }) => `${verification.key}/${source}/${name}` === shown?.id,
  );
  if (!verification || !shown || !check) return null;
  const found =
    check.kind === 'metric' && shown.series
      ? ofSeries(check, shown, shown.series)
      : ofEvaluations(check, verification.key, events);
  if (!found || found.intervals.length === 0) return null;
  const needed = check.neededMs ? neededSentence(check) : undefined;
  return { check: shown.id, ...found, ...(needed !== undefined && { needed: t('Needs {0}.', needed) }) };
}

type Found = Pick<IntervalsSnapshot, 'title' | 'intervals' | 'from' | 'to' | 'summary'>;

/** The intervals of a metric since the canary began. */
function ofSeries(
  { baseline }: MetricCheck,
  { name, figures }: CheckSnapshot,
  { startMs, intervalMs, canary, baseline: beside, sinceMs, unit }: SeriesSnapshot,
): Found {
  const { limit, factor = 1 } = figures ?? {},
    isUpper = limit === undefined || baseline === null || limit >= baseline * factor;
  const isBeyond = (value: number): boolean => limit !== undefined && (isUpper ? value > limit : value < limit);
  const value = (one: number | null | undefined): string =>
    typeof one === 'number' ? formatMeasure(one, unit) : t('no data');
  // What is not complete yet is no gap.
  const end = 1 + Math.max(lastIn(canary), lastIn(beside)),
    begin = Math.max(Math.ceil((sinceMs - startMs) / intervalMs), end - mostIntervals, 0);
  const intervals = canary.slice(begin, end).map((one, index): IntervalSnapshot => {
    const at = formatTime(startMs + (begin + index) * intervalMs);
    return {
      kind: one === null ? 'none' : isBeyond(one) ? 'beyond' : 'within',
      text: t('{0}: canary {1}, baseline {2}', at, value(one), value(beside[begin + index])),
    };
  });
  return {
    title: t('{0}, intervals of {1}', name, formatDuration(intervalMs)),
    intervals,
    from: formatTime(startMs + begin * intervalMs),
    to: formatTime(startMs + end * intervalMs),
    summary: summaryOf(intervals, 'interval'),
  };
}

/** Without a series, what each evaluation said. */
function ofEvaluations({ source, name }: Check, key: string, events: readonly RunEvent[]): Found | undefined {
  const seen = events
    .flatMap(event => (event.type === 'looked' && event.key === key ? event.report : []))
    .slice(-mostIntervals);
  const [first] = seen,
    last = seen.at(-1);
  if (!first || !last) return undefined;
  const intervals = seen.map(({ checks, lookedAtMs }): IntervalSnapshot => {
    const reasons = checks.find(one => one.source === source && one.name === name)?.reasons ?? [],
      has = (codes: readonly string[]): boolean => reasons.some(({ code }) => codes.includes(code));
    return {
      kind: reasons.length === 0 || has(unseen) ? 'none' : has(worse) ? 'beyond' : 'within',
      text: `${formatTime(lookedAtMs)}: ${reasons[0] ? reasonSentence(reasons[0]) : t('no data')}`,
    };
  });
  return {
    title: t('{0}, evaluation by evaluation', plainLine(name, 80)),
    intervals,
    from: formatTime(first.lookedAtMs),
    to: formatTime(last.lookedAtMs),
    summary: summaryOf(intervals, 'look'),
  };
}

function summaryOf(intervals: readonly IntervalSnapshot[], noun: 'interval' | 'look'): string {
  const beyond = intervals.filter(({ kind }) => kind === 'beyond').length,
    none = intervals.filter(({ kind }) => kind === 'none').length;
  return joinParts([
    t('{0} of {1} with data', intervals.length - none, formatCount(intervals.length, noun)),
    none > 0 && t('{0} without (dashed)', none),
    beyond > 0 && t('{0} worse than allowed (tall)', beyond),
  ]);
}

function lastIn(values: readonly (number | null)[]): number {
  return values.findLastIndex(value => value !== null);
}
