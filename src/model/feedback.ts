// What reviewers said about log clusters: kept in the repository as `.backstop/feedback.yaml`, applied to every verification.

export interface Feedback {
  /** Key of the cluster when it was marked; a template that says nearly the same matches too. */
  readonly key: string;
  /** Variable parts are `<*>`. */
  readonly template: string;
  readonly mark: FeedbackMark;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
}

/**
 * `not-a-risk`: never counts against a release. `not-a-risk-while-normal`: known, but its frequency is still judged.
 * `risk`: unknown, and weighed as an error, even where it was learned. `always-fail`: one line of it on the canary fails.
 */
export type FeedbackMark = 'not-a-risk' | 'not-a-risk-while-normal' | 'risk' | 'always-fail';

export const feedbackMarks = ['not-a-risk', 'not-a-risk-while-normal', 'risk', 'always-fail'] as const satisfies readonly FeedbackMark[];

/** Where it lies in the workspace folder. */
export const feedbackFile = '.backstop/feedback.yaml';

/** What was said of this very cluster; of several entries the latest. */
export function findFeedback(entries: readonly Feedback[], { key, template }: Pick<Feedback, 'key' | 'template'>): Feedback | undefined {
  const latest = (fits: (entry: Feedback) => boolean): Feedback | undefined =>
    entries.filter(fits).reduce<Feedback | undefined>((newest, entry) => newest && newest.atMs >= entry.atMs ? newest : entry, undefined);
  return latest(entry => entry.key === key) ?? latest(entry => entry.template === template);
}
