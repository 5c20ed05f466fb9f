// The marks that a reviewer can give a cluster, and what each would change, shown before it is saved.
import type { FeedbackMark } from '../../model/evidence/feedback.ts';
import type { Outcome } from '../../model/evidence/verdict.ts';
import { joinParts, formatCount, formatNumber } from './format.ts';
import type { ClusterSnapshot } from '../snapshot/clusterSnapshot.ts';
import { t } from './translate.ts';

export function markName(mark: FeedbackMark): string {
  return {
    'not-a-risk': t('Not a Risk'),
    'not-a-risk-while-normal': t('Not a Risk at This Rate'),
    risk: t('Risk'),
    'always-fail': t('Always Fail'),
  }[mark];
}

/** One sentence; `ended`: the run has ended, so the mark applies to later runs only. */
export function feedbackPreview(cluster: ClusterSnapshot, mark: FeedbackMark, ended: boolean): string {
  const effect = effectOf(cluster, mark);
  return ended
    ? t('This run has ended and stays as it is; in later runs {0}.', effect)
    : t('From the next evaluation on, {0}.', effect);
}

/** A clause that follows a time. */
function effectOf({ kind, canaryCount, check }: ClusterSnapshot, mark: FeedbackMark): string {
  switch (mark) {
    case 'not-a-risk':
      return check
        ? `${t('it no longer applies')}: ${remaining(check)}`
        : t('it never counts against a release, however frequent it is');
    case 'not-a-risk-while-normal':
      if (kind === 'unknown') return t('it is known, and only its frequency is judged');
      return check
        ? t('only a changed frequency counts against a release, as it does now')
        : t('only a changed frequency counts against a release');
    case 'risk':
      return kind === 'unknown' || kind === 'unexpected-frequency'
        ? t('it counts as an error, even if it has become usual')
        : t('it is unknown again and counts as an error');
    case 'always-fail':
      return canaryCount > 0
        ? t('one line of it on the canary fails the check; here there are {0}', formatCount(canaryCount, 'line'))
        : t('one line of it on the canary fails the check');
    default:
      return mark satisfies never;
  }
}

/** For a run that has ended: what its verdict would be with the feedback since then. */
export function wouldBeSentence(outcome: Outcome): string {
  return {
    pass: t('With the feedback since then, the verification would have passed.'),
    fail: t('With the feedback since then, the verification would have failed.'),
    inconclusive: t('With the feedback since then, the verification would have been inconclusive.'),
  }[outcome];
}

function remaining({ name, risky, withoutIt }: NonNullable<ClusterSnapshot['check']>): string {
  const left = risky - 1;
  const rest =
    left > 1
      ? t('{0} other log events remain a risk', formatNumber(left))
      : left === 1
        ? t('{0} other log event remains a risk', formatNumber(left))
        : t('no other log event is a risk');
  return withoutIt
    ? joinParts([
        rest,
        {
          pass: t('and {0} passes', name),
          fail: t('and {0} still fails', name),
          inconclusive: t('and {0} cannot be decided yet', name),
        }[withoutIt],
      ])
    : rest;
}
