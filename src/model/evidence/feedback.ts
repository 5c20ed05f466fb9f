// Reviewers' feedback on log clusters: kept in the repository as `.backstop/feedback.yaml`, applied to every
// verification.

export interface Feedback {
  /** The cluster's key when it was marked; a nearly identical template matches too. */
  readonly key: string;
  /** Variable parts are `<*>`. */
  readonly template: string;
  readonly mark: FeedbackMark;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
}

/**
 * `not-a-risk`: never counts against a release. `not-a-risk-while-normal`: known, but its frequency is still checked.
 * `risk`: unknown, and weighed as an error, even if it was learned. `always-fail`: one line on the canary fails the
 * check.
 */
export type FeedbackMark = 'not-a-risk' | 'not-a-risk-while-normal' | 'risk' | 'always-fail';

export const feedbackMarks = [
  'not-a-risk',
  'not-a-risk-while-normal',
  'risk',
  'always-fail',
] as const satisfies readonly FeedbackMark[];

/** Its path in the workspace folder. */
export const feedbackFile = '.backstop/feedback.yaml';

/** Finds the feedback for a cluster, by key or template; the latest of several entries applies. */
export function indexFeedback(
  entries: readonly Feedback[],
): (cluster: Pick<Feedback, 'key' | 'template'>) => Feedback | undefined {
  const ordered = entries.toSorted((one, other) => one.atMs - other.atMs);
  const byKey = new Map(ordered.filter(({ key }) => key !== '').map(entry => [entry.key, entry])),
    byTemplate = new Map(ordered.map(entry => [entry.template, entry]));
  return ({ key, template }) => byKey.get(key) ?? byTemplate.get(template);
}
