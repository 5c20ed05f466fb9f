// What a reviewer can say of a cluster, and what it would change, told before it is saved.
import type { FeedbackMark } from '../model/feedback.ts';
import type { Outcome } from '../model/verdict.ts';
import { formatCount } from './format.ts';
import type { ClusterSnapshot } from './snapshotClusters.ts';

export const markNames = {
  'not-a-risk': 'Not a Risk', 'not-a-risk-while-normal': 'Not a Risk at This Rate', risk: 'Risk', 'always-fail': 'Always Fail',
} satisfies Record<FeedbackMark, string>;

const become = { pass: 'passes', fail: 'still fails', inconclusive: 'cannot be decided yet' } satisfies Record<Outcome, string>;

/** One sentence; `ended`: the run is over, so that only later ones are judged by it. */
export function feedbackPreview({ kind, canaryCount, check }: ClusterSnapshot, mark: FeedbackMark, ended: boolean): string {
  const when = ended ? 'This run is over and stays as it is; in later runs ' : 'From the next look on ';
  switch (mark) {
    case 'not-a-risk': return check ? `${when}it counts no more${remaining(check)}.` : `${when}it never counts against a release, however often it is written.`;
    case 'not-a-risk-while-normal': return kind === 'unknown' ? `${when}it is known, and judged only by how often it is written.` : `${when}only a changed frequency counts against a release${check ? ', as it does now' : ''}.`;
    case 'risk': return kind === 'unknown' || kind === 'unexpected-frequency' ? `${when}it weighs as an error, also where it has become usual.` : `${when}it is unknown again and weighs as an error.`;
    case 'always-fail': return `${when}one line of it on the canary fails the check${canaryCount > 0 ? `; here there are ${formatCount(canaryCount, 'line')}` : ''}.`;
    default: return mark satisfies never;
  }
}

/** Of a run that is over: what its verdict would be with what was said since. */
export function wouldBeSentence(outcome: Outcome): string {
  const would = { pass: 'would have passed', fail: 'would have failed', inconclusive: 'could not have decided' }[outcome];
  return `With what reviewers said since, the verification ${would}.`;
}

function remaining({ name, risky, withoutIt }: NonNullable<ClusterSnapshot['check']>): string {
  const left = risky - 1;
  const rest = left > 0 ? `: ${formatCount(left, 'other cluster')} ${left === 1 ? 'remains' : 'remain'} a risk` : ': no other cluster is a risk';
  return withoutIt ? `${rest}, and ${name} ${become[withoutIt]}` : rest;
}
