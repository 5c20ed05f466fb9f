// What would have changed a check's outcome, and how long it still needs, in words.
import type { Check, WhatIf } from '../../model/evidence/verdict.ts';
import { formatChange, formatCount, formatNumber, formatShare } from './format.ts';
import { t } from './translate.ts';

/** `would pass at low sensitivity`. */
export function whatIfSentence(whatIf: WhatIf): string {
  const condition = conditionOf(whatIf);
  switch (whatIf.outcome) {
    case 'pass':
      return t('would pass {0}', condition);
    case 'fail':
      return t('would fail {0}', condition);
    case 'inconclusive':
      return t('would be undecided {0}', condition);
    default:
      return whatIf.outcome satisfies never;
  }
}

function conditionOf(whatIf: WhatIf): string {
  switch (whatIf.code) {
    case 'sensitivity':
      return { low: t('at low sensitivity'), medium: t('at medium sensitivity'), high: t('at high sensitivity') }[
        whatIf.sensitivity
      ];
    case 'tolerance':
      return t('with a tolerance of {0}', formatShare(whatIf.tolerance));
    case 'change':
      return t('at a change of {0}', formatChange(whatIf.change));
    case 'without-clusters':
      return whatIf.clusters === 1
        ? t('without the riskiest log event')
        : t('without the {0} riskiest log events', formatNumber(whatIf.clusters));
    case 'more-lines':
      return whatIf.lines === 1
        ? t('with {0} more line of the riskiest log event', formatNumber(whatIf.lines))
        : t('with {0} more lines of the riskiest log event', formatNumber(whatIf.lines));
    case 'more-time':
      return t('with {0} more', roughTime(whatIf.needMs, ['hour', 'minute', 'second']));
    default:
      return whatIf satisfies never;
  }
}

/** `about 4 more minutes at this traffic`; undefined if no more time is needed or the verification has ended. */
export function neededSentence({ neededMs }: Pick<Check, 'neededMs'>): string | undefined {
  if (neededMs === undefined) return undefined;
  return neededMs === null
    ? t('remaining time unknown')
    : t('about {0} at this traffic', roughTime(neededMs, ['more hour', 'more minute', 'more second']));
}

type Units = readonly ['hour', 'minute', 'second'] | readonly ['more hour', 'more minute', 'more second'];

/** A forecast is not a measurement: it is rounded to whole minutes, or to tens of seconds. */
function roughTime(durationMs: number, [hour, minute, second]: Units): string {
  if (durationMs >= 7_200_000) return formatCount(Math.ceil(durationMs / 3_600_000), hour);
  if (durationMs >= 90_000) return formatCount(Math.ceil(durationMs / 60_000), minute);
  return formatCount(Math.max(10, Math.ceil(durationMs / 10_000) * 10), second);
}
