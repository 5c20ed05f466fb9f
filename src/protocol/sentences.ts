// Prose from codes and numbers: reasons, checks, decisions and failures in words, for panel, report and terminal alike.
import type { Failure } from '../model/failure.ts';
import type { FeedbackMark } from '../model/feedback.ts';
import type { Decision, Person, StageOutcome } from '../model/runEvents.ts';
import type { Standing } from '../model/release.ts';
import type { Check, ClusterReport, Comparison, LackingRun, MetricForecast, Reason } from '../model/verdict.ts';
import { formatChange, formatCount, formatDuration, formatMeasure, formatNumber, formatShare } from './format.ts';
import { plainLine } from './plainText.ts';

const longestTemplate = 160;

/** One reason with its numbers, as a sentence part without a full stop. */
export function reasonSentence(reason: Reason): string {
  const { number, text } = readers(reason);
  switch (reason.code) {
    case 'unknown-clusters':
      return unknownSentence(formatCount(number('clusters'), 'log event'), number('deployments'), number('lines'), number('nodes'));
    case 'cluster-frequency':
      return frequencySentence(reason);
    case 'metric-regressed':
      return `${text('metric')} ${measured(reason, 'canary')} against ${measured(reason, 'baseline')}${changed(reason)}`;
    case 'metric-limit':
      return limitSentence(reason);
    case 'metric-in-band':
      return `${text('metric')} ${measured(reason, 'canary')} against ${measured(reason, 'baseline')}${changed(reason, has(reason, 'tolerance') ? tolerated(number('change'), number('tolerance')) : '')}`;
    case 'logs-clean':
      return `no new or more frequent log event in ${formatCount(number('canaryLines'), 'canary line')} against ${formatCount(number('baselineLines'), 'baseline line')}${experience(number('deployments'))}`;
    case 'compared-before':
      return 'compared with the time before: no node is left on the old release';
    case 'compared-run':
      return runSentence(number('run'), text('mode') === 'load-test', has(reason, 'by') ? text('by') : undefined);
    case 'lacking-run':
      return lackingSentence({ wanted: text('wanted') === 'pinned' ? 'pinned' : number('wanted'), why: text('why') as LackingRun['why'] });
    case 'not-enough-data':
      return `not enough data yet: ${formatNumber(number('have'))} of ${formatNumber(number('need'))}${has(reason, 'what') ? ` ${text('what')}` : ''}`;
    case 'no-canary-data':
      return `no data from the canary nodes in ${subject(reason)}`;
    case 'no-baseline-data':
      return `no data from the baseline nodes in ${subject(reason)}`;
    case 'could-not-read':
      return `${text('source')} could not be read: ${text('failure')}`;
    case 'no-baseline-nodes':
      return `no node is left on the old release: compared with the time before and with ${formatCount(number('deployments'), 'good deployment')}`;
    case 'partial':
      return `only ${formatNumber(number('read'))} of ${formatCount(number('total'), 'line')} could be read`;
    case 'late':
      return `${text('source')} shows events ${formatDuration(number('delayMs'))} late, where ${formatDuration(number('expectedMs'))} were expected: compared up to then`;
    case 'clock-skew':
      return `the clock of ${text('source')} is ${formatDuration(Math.abs(number('aheadMs')))} ${number('aheadMs') > 0 ? 'ahead of' : 'behind'} this machine's: times were corrected`;
    case 'skipped':
      return `skipped by ${text('by')}${has(reason, 'why') && text('why') ? `: ${text('why')}` : ''}`;
    default:
      return reason.code satisfies never;
  }
}

function runSentence(run: number, isLoadTest: boolean, by: string | undefined): string {
  if (!isLoadTest) return `compared with run ${run}, the last good one: there is no time before`;
  return `compared with run ${run}, ${by === undefined ? 'as the pipeline says' : `pinned by ${plainLine(by, 80)}`}`;
}

function lackingSentence({ wanted, why }: LackingRun): string {
  switch (why) {
    case 'none': return wanted === 'pinned' ? 'no run is pinned to compare with' : `there is no run ${wanted} of this pipeline to compare with`;
    case 'no-evidence': return `nothing is kept of run ${wanted} to compare with`;
    case 'other-interval': return `run ${wanted} was measured at other intervals and cannot be compared with`;
    default: return why satisfies never;
  }
}

/** What a check's canary was compared with, and how much that is worth: `nodes that run the old release at the same time`. */
export function comparisonPhrase(comparison: Comparison): string {
  const { lacking } = comparison;
  return `${comparedWith(comparison)}${lacking ? `; ${lackingSentence(lacking)}` : ''}`;
}

function comparedWith(comparison: Comparison): string {
  switch (comparison.mode) {
    case 'canary': return 'nodes that run the old release at the same time';
    case 'previous': return `the same nodes before the deployment${comparison.dayBefore ? ' and at this time of the day before' : ''}, which is weaker evidence`;
    case 'learned': return comparison.run === undefined ? `what ${formatCount(comparison.deployments ?? 0, 'good deployment')} taught, which is weaker evidence` : `run ${comparison.run}, the last good one, which is weaker evidence`;
    case 'load-test': return `run ${comparison.run}, ${comparison.by === undefined ? 'as the pipeline says' : `pinned by ${plainLine(comparison.by, 80)}`}`;
    default: return comparison satisfies never;
  }
}

/** A change beyond the tolerance still passes as long as it may be chance; saying so keeps the numbers from contradicting the verdict. */
function tolerated(change: number, tolerance: number): string {
  const allowed = formatShare(tolerance);
  return Math.abs(change) > tolerance ? `, too little evidence of more than the ${allowed} allowed` : `, ${allowed} allowed`;
}

/** What a check found, its most telling reason first. */
export function checkSentence(check: Check): string {
  const [first, ...rest] = check.reasons;
  if (!first) return check.kind === 'metric' ? metricSentence(check) : `${formatCount(check.canaryLines, 'canary line')} against ${formatCount(check.baselineLines, 'baseline line')}`;
  const main = first.code === 'unknown-clusters' && check.kind === 'logs' ? unknownOf(first, check.clusters) : reasonSentence(first);
  return [main, ...rest.map(reasonSentence)].join('; ');
}

/** The measured delay of a check's evidence, behind other facts of it; empty where none was measured. */
export function timingPhrase({ timing }: Check): string {
  return timing ? `, complete up to ${formatDuration(timing.delayMs)} before the look` : '';
}

/** Every unknown cluster is an exception: then they are called so, which is what a reviewer looks for. */
export function nameUnknown(clusters: readonly ClusterReport[], count: number): string {
  const unknown = clusters.filter(cluster => cluster.class === 'unknown');
  const allExceptions = unknown.length > 0 && unknown.every(cluster => /(?:Exception|Error)\b/.test(cluster.template.slice(0, 400)));
  return formatCount(count, allExceptions ? 'exception' : 'log event');
}

export function failureSentence(failure: Failure): string {
  const { message, cause } = failure;
  return plainLine(cause && !message.includes(cause) ? `${message} (${cause})` : message);
}

export function decisionSentence(decision: Decision, by: Person, comment?: string): string {
  const words = { promote: 'promote', hold: 'hold', rollback: 'roll back', continue: 'go on to the next phase', stop: 'stop' } satisfies Record<Decision, string>;
  return `${words[decision]}, by ${personName(by)}${comment ? `: ${plainLine(comment, 300)}` : ''}`;
}

export function personName(person: Person): string {
  return person.via === 'policy' ? 'policy' : plainLine(person.name, 80);
}

export const outcomeWords = {
  passed: 'passed', failed: 'failed', skipped: 'skipped', 'rolled-back': 'rolled back', held: 'held', rejected: 'rejected', cancelled: 'cancelled',
} satisfies Record<StageOutcome, string>;

export const markWords = {
  'not-a-risk': 'not a risk', 'not-a-risk-while-normal': 'not a risk while its frequency is normal', risk: 'a risk', 'always-fail': 'a failure always',
} satisfies Record<FeedbackMark, string>;

export const standingWords = {
  deploying: 'deploying', verified: 'verified', 'promoted-by-hand': 'promoted by hand', failed: 'failed', 'rolled-back': 'rolled back', held: 'held', unverified: 'unverified',
} satisfies Record<Standing, string>;

/** `4 exceptions never seen in 31 good deployments: 12 lines on 2 canary nodes`. */
function unknownSentence(what: string, deployments: number, lines: number, nodes: number): string {
  const where = deployments > 0 ? `in ${formatCount(deployments, 'good deployment')}` : 'in the baseline';
  return `${what} never seen ${where}: ${formatCount(lines, 'line')} on ${formatCount(nodes, 'canary node')}`;
}

function unknownOf(reason: Reason, clusters: readonly ClusterReport[]): string {
  const { number } = readers(reason);
  return unknownSentence(nameUnknown(clusters, number('clusters')), number('deployments'), number('lines'), number('nodes'));
}

function frequencySentence(reason: Reason): string {
  const { number, text } = readers(reason);
  const counts = `${formatCount(number('canary'), 'canary line')} against ${formatCount(number('baseline'), 'baseline line')}`;
  const times = has(reason, 'ratio') ? `${formatNumber(number('ratio'))} times as frequent as expected` : 'more frequent than expected';
  const how = text('direction') === 'down' && !has(reason, 'ratio') ? 'less frequent than expected' : times;
  return `“${plainLine(text('template'), longestTemplate)}” ${how}: ${counts}`;
}

function metricSentence(check: Check & { kind: 'metric' }): string {
  const value = (one: number | null): string => one === null ? 'no data' : formatMeasure(one, check.unit);
  return `${plainLine(check.name, 80)} ${value(check.canary)} against ${value(check.baseline)}${check.change === null ? '' : ` (${formatChange(check.change)})`}`;
}

function measured(reason: Reason, which: 'canary' | 'baseline'): string {
  const unit = reason.values['unit'];
  return has(reason, which) ? formatMeasure(Number(reason.values[which]), unit === undefined ? undefined : plainLine(String(unit), 20)) : 'no data';
}

function changed(reason: Reason, more = ''): string {
  return has(reason, 'change') ? ` (${formatChange(Number(reason.values['change']))}${more})` : '';
}

/** What the planned time will be able to show: `in 5m errors cannot show less than +100 %; +50 % takes 12m`. */
export function forecastSentence(name: string, { durationMs, smallestChange, change, neededMs }: MetricForecast): string {
  const shown = smallestChange === null ? 'cannot show any change' : `cannot show less than ${formatShare(smallestChange)} of change`;
  const more = smallestChange !== null && smallestChange <= change ? '' : neededMs === null ? `; ${formatShare(change)} would take very long` : `; ${formatShare(change)} takes ${formatDuration(neededMs)}`;
  return `in ${formatDuration(durationMs)} ${plainLine(name, 80)} ${shown}${more}`;
}

function limitSentence(reason: Reason): string {
  const { number, text } = readers(reason);
  const unit = text('unit');
  const often = number('times') > 1 ? `, ${formatNumber(number('times'))} times${text('inARow') === 'true' ? ' in a row' : ''}` : '';
  return `${text('metric')} ${formatMeasure(number('value'), unit)} ${text('side')} the limit of ${formatMeasure(number('limit'), unit)}${often}`;
}

function experience(deployments: number): string {
  return deployments > 0 ? ` and ${formatCount(deployments, 'good deployment')}` : '';
}

function subject(reason: Reason): string {
  const { text } = readers(reason);
  return ['source', 'metric'].filter(name => has(reason, name)).map(name => text(name)).join(' for ');
}

function has(reason: Reason, name: string): boolean {
  return Object.hasOwn(reason.values, name) && reason.values[name] !== null && reason.values[name] !== '';
}

function readers({ values }: Reason): { number(name: string): number; text(name: string): string } {
  const read = (name: string): string | number | undefined => Object.hasOwn(values, name) ? values[name] : undefined;
  return { number: name => Number(read(name) ?? 0), text: name => plainLine(String(read(name) ?? ''), 400) };
}
