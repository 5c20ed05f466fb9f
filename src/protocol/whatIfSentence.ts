// What would have changed a check's outcome, and how long it still needs, in words.
import type { Check, Outcome, WhatIf } from '../model/verdict.ts';
import { formatChange, formatCount, formatNumber, formatShare } from './format.ts';

const outcomeVerbs = { pass: 'pass', fail: 'fail', inconclusive: 'be undecided' } satisfies Record<Outcome, string>;

/** `would pass at low sensitivity`. */
export function whatIfSentence(whatIf: WhatIf): string {
  const would = `would ${outcomeVerbs[whatIf.outcome]}`;
  switch (whatIf.code) {
    case 'sensitivity': return `${would} at ${whatIf.sensitivity} sensitivity`;
    case 'tolerance': return `${would} with a tolerance of ${formatShare(whatIf.tolerance)}`;
    case 'change': return `${would} at a change of ${formatChange(whatIf.change)}`;
    case 'without-clusters': return `${would} without ${whatIf.clusters === 1 ? 'the riskiest log event' : `the ${formatNumber(whatIf.clusters)} riskiest log events`}`;
    case 'more-lines': return `${would} with ${formatCount(whatIf.lines, 'more line')} of the riskiest log event`;
    case 'more-time': return `${would} with ${roughTime(whatIf.needMs)} more`;
    default: return whatIf satisfies never;
  }
}

/** `about 4 more minutes at this traffic`; undefined where nothing more is needed, or nobody asks any more. */
export function neededSentence({ neededMs }: Pick<Check, 'neededMs'>): string | undefined {
  if (neededMs === undefined) return undefined;
  return neededMs === null ? 'nobody can say how much longer' : `about ${roughTime(neededMs, 'more ')} at this traffic`;
}

/** A forecast is no measurement: whole minutes, or tens of seconds. */
function roughTime(durationMs: number, before = ''): string {
  if (durationMs >= 7_200_000) return formatCount(Math.ceil(durationMs / 3_600_000), `${before}hour`);
  if (durationMs >= 90_000) return formatCount(Math.ceil(durationMs / 60_000), `${before}minute`);
  return `${Math.max(10, Math.ceil(durationMs / 10_000) * 10)} ${before}seconds`;
}
