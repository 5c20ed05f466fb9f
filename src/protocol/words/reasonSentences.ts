// The reasons of a verdict in words: one sentence for each code, with its numbers.
import type { LackingRun, Outcome, Reason } from '../../model/evidence/verdict.ts';
import {
  joinParts,
  formatCount,
  formatDuration,
  formatList,
  formatMeasure,
  formatNumber,
  formatShare,
  formatTime,
  isImprovement,
  judgedChange,
  scaleOf,
} from './format.ts';
import { plainLine } from './plainText.ts';
import { t } from './translate.ts';
import { answerWord } from './words.ts';
import { cleanSentence, frequencyPhrase, longestTemplate, startUpSentence, unknownSentence } from './clusterPhrases.ts';

const mostNames = 5;

/** One reason with its numbers, as a sentence part without a full stop. */
export function reasonSentence(reason: Reason): string {
  const { number, text } = readers(reason);
  switch (reason.code) {
    case 'unknown-clusters':
      return unknownSentence(
        formatCount(number('clusters'), 'new log event'),
        number('deployments'),
        number('lines'),
        number('nodes'),
      );
    case 'start-up-errors':
      return startUpSentence(
        formatCount(number('clusters'), 'log event'),
        number('startUps'),
        number('lines'),
        number('nodes'),
      );
    case 'cluster-frequency':
      return frequencySentence(reason);
    case 'metric-regressed':
      return comparedSentence(reason) + changed(reason);
    case 'metric-limit':
      return limitSentence(reason);
    case 'metric-in-band':
      return comparedSentence(reason) + changed(reason, tolerated(reason));
    case 'logs-clean':
      return cleanSentence(
        formatCount(number('canaryLines'), 'canary line'),
        formatCount(number('baselineLines'), 'baseline line'),
        number('deployments'),
      );
    case 'compared-before':
      return t('compared with the time before, because no node runs the old release');
    case 'compared-run':
      return runSentence(number('run'), text('mode'), has(reason, 'by') ? text('by') : undefined);
    case 'lacking-run':
      return lackingSentence({
        wanted: text('wanted') === 'pinned' ? 'pinned' : number('wanted'),
        why: text('why') as LackingRun['why'],
      });
    case 'not-enough-data':
      return tooLittleSentence(formatNumber(number('have')), formatNumber(number('need')), text('what'));
    case 'no-canary-data':
      return t('no data from the canary nodes in {0}', subject(reason));
    case 'no-baseline-data':
      return t('no data from the baseline nodes in {0}', subject(reason));
    case 'could-not-read':
      return t('{0} could not be read: {1}', text('source'), text('failure'));
    case 'no-baseline-nodes':
      return t(
        'compared with the time before and with {0}, because no node runs the old release',
        formatCount(number('deployments'), 'good deployment'),
      );
    case 'partial':
      return t('only {0} of {1} could be read', formatNumber(number('read')), formatCount(number('total'), 'line'));
    case 'counted-by-source':
      return t(
        'there are more than {3} lines, so {0} counted them by their text instead of returning them ({1}, {2})',
        text('source'),
        formatCount(number('lines'), 'line'),
        formatCount(number('clusters'), 'cluster'),
        formatNumber(number('mostLines')),
      );
    case 'sampled':
      return t(
        'only a sample of {0} was read ({1} of the time, at the same moments on both sides), because it seems to ' +
          'have more than {2} lines: an error that occurs once may be missed',
        text('source'),
        formatShare(number('share')),
        formatNumber(number('mostLines')),
      );
    case 'unread-lines':
      return unreadSentence(text('format'), formatCount(number('lines'), 'line'));
    case 'traffic-measured':
      return t('{0} of the traffic on the canary, measured by {1}', formatShare(number('share')), text('metric'));
    case 'traffic-assumed':
      return t('{0} of the traffic on the canary is assumed: no metric counts requests', formatShare(number('share')));
    case 'late':
      return t(
        '{0} data is {1} late (expected {2}); compared up to then',
        text('source'),
        formatDuration(number('delayMs')),
        formatDuration(number('expectedMs')),
      );
    case 'silent':
      return silenceSentence(reason);
    case 'clock-skew':
      return skewSentence(text('source'), number('aheadMs'));
    case 'answered':
      return answerSentence(reason);
    case 'not-answered':
      return t('{0} has not answered yet', text('source'));
    case 'skipped':
      return `${t('skipped by {0}', text('by'))}${has(reason, 'why') && text('why') ? `: ${text('why')}` : ''}`;
    default:
      return reason.code satisfies never;
  }
}

/** `checkout says fail (2 of 3): 7 of 20 orders were lost`. */
function answerSentence(reason: Reason): string {
  const { number, text } = readers(reason);
  const said = t('{0} says {1}', text('source'), answerWord(text('outcome') as Outcome));
  const failed = number('failed'),
    failures = number('failures');
  const counted = failures > 1 && failed > 0 ? `${said} (${t('{0} of {1}', failed, failures)})` : said;
  return text('why') ? `${counted}: ${text('why')}` : counted;
}

/** How lines are compared that could not be read as what they seem to be. */
function unreadSentence(format: string, lines: string): string {
  return format === 'json'
    ? t('{0} look like JSON but could not be parsed: they are grouped by their text', lines)
    : t('{0} have no message in a known field: they are grouped by their keys', lines);
}

/** What is counted depends on the kind of verification. */
function tooLittleSentence(have: string, need: string, what: string): string {
  switch (what) {
    case 'requests':
      return t('not enough data yet: {0} of {1} requests', have, need);
    case 'intervals':
      return t('not enough data yet: {0} of {1} intervals', have, need);
    case 'seconds':
      return t('not enough data yet: {0} of {1} seconds', have, need);
    default:
      return `${t('not enough data yet: {0} of {1}', have, need)}${what && ` ${what}`}`;
  }
}

function skewSentence(source: string, aheadMs: number): string {
  const by = formatDuration(Math.abs(aheadMs));
  return aheadMs > 0
    ? t("the clock of {0} is {1} ahead of this machine's: times were corrected", source, by)
    : t("the clock of {0} is {1} behind this machine's: times were corrected", source, by);
}

/** `logs has received nothing from prod-01 and prod-02 since 14:13:24, although the other nodes still send data`. */
function silenceSentence(reason: Reason): string {
  const { number, text } = readers(reason);
  const who = text('source'),
    since = formatTime(number('sinceMs'));
  if (text('side') === 'every')
    return t('{0} has received nothing from any node since {1}: all of its data may be late', who, since);
  const names = text('nodes').split(', ').slice(0, mostNames),
    more = number('count') - names.length;
  const nodes = formatList(more > 0 ? [...names, t('{0} more', formatNumber(more))] : names);
  return t('{0} has received nothing from {1} since {2}, although the other nodes still send data', who, nodes, since);
}

function runSentence(run: number, mode: string, by: string | undefined): string {
  if (mode === 'phase')
    return t('compared with the earlier phase of this run, because nothing is known of the time before');
  if (mode !== 'load-test')
    return t('compared with run {0}, the last good one, because nothing is known of the time before', run);
  return by === undefined
    ? t('compared with run {0}, as the pipeline says', run)
    : t('compared with run {0}, pinned by {1}', run, plainLine(by, 80));
}

export function lackingSentence({ wanted, why }: LackingRun): string {
  switch (why) {
    case 'none':
      return wanted === 'pinned'
        ? t('no run is pinned to compare with')
        : t('there is no run {0} of this pipeline to compare with', wanted);
    case 'no-evidence':
      return t('no evidence of run {0} is stored to compare with', wanted);
    case 'other-interval':
      return t('run {0} was measured at other intervals and cannot be used for comparison', wanted);
    default:
      return why satisfies never;
  }
}

/**
 * A change for the worse beyond the tolerance still passes while it may be chance; saying so keeps numbers and verdict
 * consistent. An improvement needs no excuse.
 */
function tolerated(reason: Reason): string {
  const { number, text } = readers(reason);
  const change = number('change'),
    allowed = formatShare(number('tolerance'));
  if (!has(reason, 'tolerance') || isImprovement(change, text('direction'))) return '';
  return Math.abs(change) > number('tolerance')
    ? t('not enough evidence of more than the {0} allowed', allowed)
    : t('{0} allowed', allowed);
}

function frequencySentence(reason: Reason): string {
  const { number, text } = readers(reason);
  return t(
    '“{0}” {1}: {2} against {3}',
    plainLine(text('template'), longestTemplate),
    frequencyPhrase(has(reason, 'ratio') ? number('ratio') : null, text('direction')),
    formatCount(number('canary'), 'canary line'),
    formatCount(number('baseline'), 'baseline line'),
  );
}

function comparedSentence(reason: Reason): string {
  const { text } = readers(reason);
  const [canary, baseline] = measures(reason, 'canary', 'baseline');
  return t('{0} {1} against {2}', text('metric'), canary, baseline);
}

/** Two values that are named together have the same unit. */
function measures(reason: Reason, one: string, other: string): readonly [string, string] {
  const { number } = readers(reason),
    read = (name: string): number | null => (has(reason, name) ? number(name) : null);
  const { unit, factor } = scaleOf(unitOf(reason), [read(one), read(other)], has(reason, 'denominator'));
  const shown = (value: number | null): string => (value === null ? t('no data') : formatMeasure(value * factor, unit));
  return [shown(read(one)), shown(read(other))];
}

function unitOf({ values }: Reason): string {
  return plainLine(String(values['unit'] ?? ''), 20);
}

function changed(reason: Reason, more = ''): string {
  if (!has(reason, 'change')) return '';
  const { number, text } = readers(reason);
  return ` (${joinParts([judgedChange(number('change'), text('direction'), unitOf(reason)), more])})`;
}

function limitSentence(reason: Reason): string {
  const { number, text } = readers(reason);
  const [value, limit] = measures(reason, 'value', 'limit'),
    times = number('times');
  const said =
    text('side') === 'below'
      ? t('{0} {1} below the limit of {2}', text('metric'), value, limit)
      : t('{0} {1} above the limit of {2}', text('metric'), value, limit);
  return times > 1
    ? joinParts([
        said,
        text('inARow') === 'true' ? t('{0} times in a row', formatNumber(times)) : t('{0} times', formatNumber(times)),
      ])
    : said;
}

function subject(reason: Reason): string {
  const { text } = readers(reason);
  return has(reason, 'source') && has(reason, 'metric')
    ? t('{0} for {1}', text('source'), text('metric'))
    : text(has(reason, 'metric') ? 'metric' : 'source');
}

function has(reason: Reason, name: string): boolean {
  return Object.hasOwn(reason.values, name) && reason.values[name] !== null && reason.values[name] !== '';
}

export function readers({ values }: Reason): { number(name: string): number; text(name: string): string } {
  const read = (name: string): string | number | undefined => (Object.hasOwn(values, name) ? values[name] : undefined);
  return { number: name => Number(read(name) ?? 0), text: name => plainLine(String(read(name) ?? ''), 400) };
}
