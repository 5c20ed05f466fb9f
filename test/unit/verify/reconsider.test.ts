// What a verdict would be with what was said since, from the report alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Feedback, FeedbackMark } from '../../../src/model/evidence/feedback.ts';
import type { Check, LogsCheck } from '../../../src/model/evidence/verdict.ts';
import { reconsider } from '../../../src/verify/reconsider.ts';
import { cluster, fourExceptions, latency, quality } from '../terminal/stories.ts';

const failed = quality('fail', 24);
const said = (
  mark: FeedbackMark,
  ...which: readonly { readonly key: string; readonly template: string }[]
): readonly Feedback[] =>
  which.map(({ key, template }) => ({ key, template, mark, reason: 'so', by: 'maria', atMs: 1 }));
const outcome = (entries: readonly Feedback[], ...checks: readonly Check[]): string => reconsider(checks, entries);

test('it passes only when every risky cluster was cleared', () => {
  assert.equal(outcome([], failed), 'fail');
  assert.equal(outcome(said('not-a-risk', ...fourExceptions), latency, failed), 'pass');
  assert.equal(outcome(said('not-a-risk', ...fourExceptions.slice(1)), latency, failed), 'fail');
  assert.equal(
    outcome(said('not-a-risk', { ...fourExceptions[0]!, key: 'other' }, ...fourExceptions.slice(1)), failed),
    'pass',
  );
});

test('it believes the check when that said what it would be without its riskiest clusters', () => {
  const check: LogsCheck = { ...failed, whatIf: [{ code: 'without-clusters', clusters: 2, outcome: 'inconclusive' }] };
  assert.deepEqual(
    [1, 2].map(count => outcome(said('not-a-risk', ...fourExceptions.slice(0, count)), check)),
    ['fail', 'inconclusive'],
  );
});

test('a normal frequency clears the unknown alone, and a failed metric stays failed', () => {
  const frequent = cluster('slow', { class: 'unexpected-frequency' });
  assert.deepEqual(
    (['not-a-risk-while-normal', 'not-a-risk'] as const).map(mark =>
      outcome(said(mark, frequent), { ...failed, clusters: [frequent] }),
    ),
    ['fail', 'pass'],
  );
  assert.equal(outcome(said('not-a-risk', ...fourExceptions), { ...latency, outcome: 'fail' }, failed), 'fail');
});

test('evidence that is missing stays missing, and what always fails, fails', () => {
  const cut: LogsCheck = {
    ...failed,
    reasons: [{ code: 'partial', values: { read: 1, total: 2 } }, ...failed.reasons],
  };
  assert.equal(outcome(said('not-a-risk', ...fourExceptions), cut), 'inconclusive');
  const calm = cluster('calm', { class: 'known', canaryCount: 1 });
  assert.equal(outcome(said('always-fail', calm), { ...quality('pass', 0), clusters: [calm] }), 'fail');
});
