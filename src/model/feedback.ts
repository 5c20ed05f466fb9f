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
