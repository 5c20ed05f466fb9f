// What a reviewer's mark does to a check: at once, by key, and where the wording changed a little.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../../src/model/evidence/evidence.ts';
import type { Feedback, FeedbackMark } from '../../../../src/model/evidence/feedback.ts';
import type { ClusterReport, LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { createLogAnalysis, type LogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { minuteMs, nodeNames, ordinaryLines, stamp, startMs } from './synthetic.ts';

const canaryNodes = nodeNames('canary', 2),
  baselineNodes = nodeNames('base', 8),
  endMs = startMs + 5 * minuteMs;

function withOrdinary(seed: number, more: Partial<Parameters<typeof createLogAnalysis>[0]> = {}): LogAnalysis {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing', ...more });
  const traffic = { fromMs: startMs, toMs: endMs, perNodeAndSecond: 1 };
  analysis.add(ordinaryLines({ ...traffic, seed, nodes: baselineNodes }), 'baseline');
  analysis.add(ordinaryLines({ ...traffic, seed: seed + 1, nodes: canaryNodes }), 'canary');
  return analysis;
}

const assess = (analysis: LogAnalysis): LogsCheck =>
  analysis.assess({ name: 'logs', source: 'sumo', atMs: endMs, canarySinceMs: startMs, minimumMs: 4 * minuteMs });

function lines(text: string, count: number, node = 'canary-1'): LogLine[] {
  return Array.from({ length: count }, (_, i) => ({
    atMs: startMs + i * 7000,
    node,
    text: `${stamp(startMs + i * 7000)} ${text.replaceAll('#', String(i * 31 + 7))}`,
  }));
}

const payment = 'ERROR [worker-#] shop.pay.Client - Payment # was declined by the acquirer on port #';

function find(check: LogsCheck, words: string): ClusterReport {
  return check.clusters.find(({ template }) => template.includes(words))!;
}

function mark({ key, template }: Pick<ClusterReport, 'key' | 'template'>, what: FeedbackMark): Feedback {
  return { key, template, mark: what, reason: 'because', by: 'maria', atMs: startMs };
}

function summary(check: LogsCheck, words: string): unknown {
  const { class: kind, severity, feedback } = find(check, words);
  return { outcome: check.outcome, kind, severity, feedback };
}

test('an unknown error fails the check until it is marked as no risk, and again when the mark is gone', () => {
  const analysis = withOrdinary(1);
  analysis.add(lines(payment, 8), 'canary');
  const before = assess(analysis);
  assert.deepEqual(summary(before, 'declined'), {
    outcome: 'fail',
    kind: 'unknown',
    severity: 'error',
    feedback: undefined,
  });
  analysis.setFeedback([mark(find(before, 'declined'), 'not-a-risk')]);
  assert.deepEqual(summary(assess(analysis), 'declined'), {
    outcome: 'pass',
    kind: 'known',
    severity: 'error',
    feedback: 'not-a-risk',
  });
  analysis.setFeedback([]);
  assert.deepEqual(assess(analysis), before);
});

test(
  'a mark given when the analysis opens holds for a slightly changed wording, ' + 'not for one that speaks of trouble',
  () => {
    const entry = mark(
      {
        key: 'gone',
        template: 'Import of catalogue <*> for the northern warehouse took <*> minutes because every price was checked',
      },
      'not-a-risk',
    );
    const analysis = withOrdinary(3, { feedback: [entry] });
    const said = (words: string): string =>
      `ERROR [worker-#] shop.jobs.Import - Import of catalogue # for the northern warehouse ${words} # minutes ` +
      'because every price was checked';
    analysis.add([...lines(said('needed'), 6), ...lines(said('failed'), 6)], 'canary');
    const check = assess(analysis);
    assert.deepEqual([find(check, 'needed').class, find(check, 'failed').class], ['known', 'unknown']);
  },
);

test('no risk while normal: what was marked is known, but more of it than usual still counts', () => {
  const mail = (more: number): LogsCheck => {
    const analysis = withOrdinary(7);
    analysis.add(
      lines('ERROR [worker-3] shop.mail.Sender - Could not deliver message # to smtp#.mail.local', more),
      'canary',
    );
    analysis.setFeedback([mark(find(assess(analysis), 'deliver'), 'not-a-risk-while-normal')]);
    return assess(analysis);
  };
  assert.equal(mail(0).outcome, 'pass');
  assert.deepEqual(summary(mail(80), 'deliver'), {
    outcome: 'fail',
    kind: 'unexpected-frequency',
    severity: 'error',
    feedback: 'not-a-risk-while-normal',
  });
  const analysis = withOrdinary(7);
  analysis.add(lines(payment, 8), 'canary');
  analysis.setFeedback([mark(find(assess(analysis), 'declined'), 'not-a-risk-while-normal')]);
  assert.equal(find(assess(analysis), 'declined').class, 'known');
});

test('a risk counts as an unknown error although it was learned', () => {
  const good = withOrdinary(9);
  good.add(lines('INFO  [worker-#] shop.cart.Legacy - Fell back to the old price list for cart #', 8), 'canary');
  assess(good);
  const next = withOrdinary(11, { learned: good.learn() });
  next.add(lines('INFO  [worker-#] shop.cart.Legacy - Fell back to the old price list for cart #', 8), 'canary');
  const before = assess(next);
  assert.equal(find(before, 'Fell').deployments, 1);
  assert.notEqual(find(before, 'Fell').class, 'unknown');
  next.setFeedback([mark(find(before, 'Fell'), 'risk')]);
  assert.deepEqual(summary(assess(next), 'Fell'), {
    outcome: 'fail',
    kind: 'unknown',
    severity: 'error',
    feedback: 'risk',
  });
});

test('always fail: one line of it on the canary is enough, lines of the baseline alone are not', () => {
  const once = (role: 'canary' | 'baseline'): LogsCheck => {
    const analysis = withOrdinary(13);
    analysis.add(lines(payment, 1), role);
    analysis.setFeedback([mark(find(assess(analysis), 'declined'), 'always-fail')]);
    return assess(analysis);
  };
  assert.equal(once('canary').outcome, 'fail');
  assert.equal(once('baseline').outcome, 'pass');
});

test('of two marks for one cluster the later counts', () => {
  const analysis = withOrdinary(15);
  analysis.add(lines(payment, 8), 'canary');
  const cluster = find(assess(analysis), 'declined');
  analysis.setFeedback([{ ...mark(cluster, 'not-a-risk'), atMs: startMs + 1 }, mark(cluster, 'always-fail')]);
  assert.equal(assess(analysis).outcome, 'pass');
});
