// Every code has a sentence with its numbers, and the sentence that a run begins with says what is true.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { Reason, ReasonCode } from '../../../src/model/evidence/verdict.ts';
import {
  checkSentence,
  decisionSentence,
  failureSentence,
  timingPhrase,
} from '../../../src/protocol/words/sentences.ts';
import { reasonSentence } from '../../../src/protocol/words/reasonSentences.ts';
import { actionSentence, verdictSentence } from '../../../src/protocol/words/verdictSentence.ts';
import {
  cancelledStory,
  cluster,
  failedHookStory,
  heldStory,
  jonas,
  latency,
  maria,
  policy,
  promotedStory,
  quality,
  rolledBackStory,
  started,
  story,
  waitingStory,
} from '../terminal/stories.ts';

const stateOf = (events: readonly RunEvent[]): RunState => reduceRun('r', events) as RunState;

suite('reasons', () => {
  const sentences: Readonly<Record<ReasonCode, readonly [Reason['values'], string]>> = {
    'traffic-measured': [{ share: 0.2, metric: 'requests' }, '20 % of the traffic on the canary, measured by requests'],
    'traffic-assumed': [{ share: 0.2 }, '20 % of the traffic on the canary is assumed: no metric counts requests'],
    'unknown-clusters': [
      { clusters: 4, lines: 12, nodes: 2, deployments: 31 },
      '4 new log events on 2 canary nodes: 12 lines, none in 31 good deployments',
    ],
    'start-up-errors': [
      { clusters: 2, lines: 9, nodes: 1, startUps: 0 },
      'new errors at the start: 2 log events with no earlier good start to compare with, 9 lines on 1 canary node',
    ],
    'cluster-frequency': [
      { template: 'timeout of <*>', canary: 120, baseline: 118, ratio: 4.07, direction: 'up' },
      '“timeout of <*>” 4.07 times as frequent as expected: 120 canary lines against 118 baseline lines',
    ],
    'metric-regressed': [
      { metric: 'p95 latency', canary: 480, baseline: 208, change: 1.308, unit: 'ms', evidence: 40 },
      'p95 latency 480 ms against 208 ms (+131 %)',
    ],
    'metric-limit': [
      { metric: 'p99', value: 812, limit: 500, side: 'above', times: 3, inARow: 'true', unit: 'ms' },
      'p99 812 ms above the limit of 500 ms, 3 times in a row',
    ],
    'metric-in-band': [
      { metric: 'error rate', canary: 0.21, baseline: 0.19, change: 0.105, tolerance: 0.5, unit: '%' },
      'error rate 0.21 % against 0.19 % (+11 %, 50 % allowed)',
    ],
    answered: [
      { source: 'checkout', outcome: 'fail', why: '7 of 20 orders were lost', failed: 2, failures: 3 },
      'checkout says fail (2 of 3): 7 of 20 orders were lost',
    ],
    'not-answered': [{ source: 'checkout' }, 'checkout has not answered yet'],
    'logs-clean': [
      { canaryLines: 1284, baselineLines: 9870, clusters: 220, deployments: 31 },
      'no new or more frequent log event in 1,284 canary lines against 9,870 baseline lines and 31 good deployments',
    ],
    'compared-before': [{ metric: 'p99' }, 'compared with the time before, because no node runs the old release'],
    'compared-run': [{ run: 12, mode: 'load-test', by: 'maria' }, 'compared with run 12, pinned by maria'],
    'lacking-run': [{ wanted: 'pinned', why: 'none' }, 'no run is pinned to compare with'],
    'not-enough-data': [{ have: 12, need: 60, what: 'intervals' }, 'not enough data yet: 12 of 60 intervals'],
    'no-canary-data': [
      { source: 'New Relic', metric: 'p95 latency' },
      'no data from the canary nodes in New Relic for p95 latency',
    ],
    'no-baseline-data': [{ source: 'New Relic' }, 'no data from the baseline nodes in New Relic'],
    'could-not-read': [
      { source: 'Sumo Logic', failure: '429 Too Many Requests' },
      'Sumo Logic could not be read: 429 Too Many Requests',
    ],
    'no-baseline-nodes': [
      { deployments: 31 },
      'compared with the time before and with 31 good deployments, because no node runs the old release',
    ],
    'counted-by-source': [
      { source: 'shop logs', lines: 12_345_678, clusters: 431, mostLines: 1_000_000 },
      'there are more than 1,000,000 lines, so shop logs counted them by their text instead of returning them ' +
        '(12,345,678 lines, 431 clusters)',
    ],
    sampled: [
      { source: 'shop logs', share: 0.18, mostLines: 1_000_000 },
      'only a sample of shop logs was read (18 % of the time, at the same moments on both sides), because it seems ' +
        'to have more than 1,000,000 lines: an error that occurs once may be missed',
    ],
    partial: [{ read: 10_000, total: 25_000 }, 'only 10,000 of 25,000 lines could be read'],
    'unread-lines': [
      { source: 'logs', format: 'json-message', lines: 12 },
      '12 lines have no message in a known field: they are grouped by their keys',
    ],
    late: [
      { source: 'Sumo Logic', delayMs: 95_000, expectedMs: 30_000 },
      'Sumo Logic data is 1:35 late (expected 30 s); compared up to then',
    ],
    silent: [
      {
        source: 'Sumo Logic',
        side: 'canary',
        nodes: 'web-1, web-2, web-3, web-4, web-5, web-6',
        count: 30,
        sinceMs: new Date(2026, 10, 29, 14, 13, 24).getTime(),
      },
      'Sumo Logic has received nothing from web-1, web-2, web-3, web-4, web-5 and 25 more since 14:13:24, ' +
        'although the other nodes still send data',
    ],
    'clock-skew': [
      { source: 'Sumo Logic', aheadMs: -300_000 },
      "the clock of Sumo Logic is 5:00 behind this machine's: times were corrected",
    ],
    skipped: [{ by: 'maria', why: 'night shift' }, 'skipped by maria: night shift'],
  };
  for (const [code, [values, sentence]] of Object.entries(sentences)) {
    test(`${code} in words`, () => assert.equal(reasonSentence({ code: code as ReasonCode, values }), sentence));
  }

  test('without a good deployment yet, unknown means unknown to the baseline', () => {
    assert.equal(
      reasonSentence({ code: 'unknown-clusters', values: { clusters: 1, lines: 3, nodes: 1, deployments: 0 } }),
      '1 new log event on 1 canary node: 3 lines, none in the baseline',
    );
  });
  test('silence of every node may be a source that is late as a whole', () => {
    const sinceMs = new Date(2026, 10, 29, 14, 13, 24).getTime();
    assert.equal(
      reasonSentence({
        code: 'silent',
        values: { source: 'Sumo Logic', side: 'every', nodes: 'web-1, web-2', count: 2, sinceMs },
      }),
      'Sumo Logic has received nothing from any node since 14:13:24: all of its data may be late',
    );
  });
  test('a cluster that vanished is less frequent', () => {
    assert.match(
      reasonSentence({
        code: 'cluster-frequency',
        values: { template: 'order placed', canary: 2, baseline: 800, direction: 'down' },
      }),
      /less frequent than expected/,
    );
  });
  test('missing and strange values never throw and never leak control characters', () => {
    const values = fc.dictionary(
      fc.constantFrom(
        'metric',
        'canary',
        'baseline',
        'template',
        'source',
        'failure',
        'by',
        'unit',
        'change',
        '__proto__',
        'clusters',
      ),
      fc.oneof(fc.string({ unit: 'binary' }), fc.double()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(sentences) as ReasonCode[])), values, (code, given) =>
        assert.doesNotMatch(reasonSentence({ code, values: given }), /[\u0000-\u001f\u007f-\u009f]/),
      ),
    );
  });
});

suite('checks', () => {
  test('unknown clusters that are all exceptions are called so', () =>
    assert.equal(
      checkSentence(quality('fail', 24)),
      '4 new exceptions on 2 canary nodes: 12 lines, none in 31 good deployments',
    ));
  test('a mixture is called log events', () => {
    const check = quality('fail', 24);
    assert.match(
      checkSentence({ ...check, clusters: [...check.clusters, cluster('cache is cold')] }),
      /^4 new log events on/,
    );
  });
  test('the lag of data is told where it is more than every source needs', () => {
    const after = (delayMs: number): string =>
      timingPhrase({ ...latency, timing: { delayMs, completeToMs: 0, lagMs: delayMs } });
    assert.deepEqual([after(400), after(1_400), timingPhrase(latency)], ['', ', data lag 1.4 s', '']);
  });
  test('without a reason the figures speak', () =>
    assert.equal(checkSentence({ ...latency, reasons: [] }), 'p95 latency 212 ms against 208 ms (+1.9 %)'));
});

suite('the verdict', () => {
  for (const [name, events, verdict, action] of [
    [
      'a rolled-back run',
      rolledBackStory,
      '4 new exceptions on 2 canary nodes: 12 lines, none in 31 good deployments',
      'Rolled back automatically to 2.13.2 in 6.3 s, verified healthy after 21 s. No action needed.',
    ],
    ['a promoted run', promotedStory, '2.14.0 runs on all 10 nodes, 2 checks passed', 'No action needed.'],
    [
      'a held run',
      heldStory,
      'Inconclusive: Sumo Logic could not be read: no answer within 30 s',
      'Action needed: it was neither promoted nor rolled back.',
    ],
    [
      'a run with a failed hook',
      failedHookStory,
      'Hook deploy ended with exit status 1 (disk full).',
      'Action needed: the release on test-01 is unknown.',
    ],
    ['a cancelled run', cancelledStory, 'Cancelled by maria', 'No later stage ran.'],
    [
      'a run that waits for approval',
      waitingStory,
      'Approve storefront 2.14.0 for Production?',
      'Waiting for jonas or lena.',
    ],
    [
      'a run in its canary phase',
      rolledBackStory.slice(0, -14),
      'Production runs phase 1 of 3 on 2 of 10 nodes',
      'No action needed.',
    ],
    [
      'a run that is rolling back',
      rolledBackStory.slice(0, -9),
      'Rolling back 2 nodes of Production to 2.13.2',
      'No action needed.',
    ],
    [
      'a run that waits for an environment',
      story(
        [0, started([['Production']])],
        [1, { type: 'environment-waited-for', stage: 'Production', environment: 'prod', heldBy: 'run 127 of returns' }],
      ),
      'Production waits for prod, which is used by run 127 of returns',
      'No action needed.',
    ],
    ['a run that has only begun', story([0, started([['Dev']])]), 'Between two stages', 'No action needed.'],
    [
      'a rejected run',
      [
        ...waitingStory,
        ...story(
          [
            120,
            {
              type: 'answered',
              question: 'q1',
              answer: { type: 'reject', by: jonas, at: 0, comment: 'not before the sale' },
            },
          ],
          [120, { type: 'question-closed', question: 'q1', result: 'rejected' }],
          [121, { type: 'run-finished', outcome: 'rejected' }],
        ),
      ],
      'Rejected by jonas: not before the sale',
      'No later stage ran.',
    ],
  ] as const) {
    test(`of ${name}`, () =>
      assert.deepEqual([verdictSentence(stateOf(events)), actionSentence(stateOf(events))], [verdict, action]));
  }

  test('a cancelled run that left nodes changed asks for a person, by their names', () => {
    const events = [
      ...rolledBackStory.slice(0, -17),
      ...story(
        [700, { type: 'stage-finished', stage: 'Production', outcome: 'cancelled' }],
        [701, { type: 'run-finished', outcome: 'cancelled' }],
      ),
    ];
    assert.equal(
      actionSentence(stateOf(events)),
      'Action needed: prod-01 and prod-02 were changed and not rolled back.',
    );
  });

  test('a rollback that is not proven asks for a person', () => {
    const events = [
      ...rolledBackStory.slice(0, -5),
      ...story(
        [
          700,
          {
            type: 'rollback-unproven',
            stage: 'Production',
            failure: { kind: 'hook-failed', message: 'no' },
            nodes: {},
          },
        ],
        [701, { type: 'run-finished', outcome: 'failed' }],
      ),
    ];
    assert.equal(actionSentence(stateOf(events)), 'Action needed: the rollback is not verified.');
  });
});

suite('decisions and failures', () => {
  test('a decision names who made it and why', () => {
    assert.deepEqual(
      [decisionSentence('rollback', policy), decisionSentence('promote', maria, 'known noise')],
      ['roll back, by Backstop', 'promote, by maria: known noise'],
    );
  });
  test('a cause is told once', () => {
    assert.deepEqual(
      [
        failureSentence({ kind: 'timeout', message: 'No answer.', cause: 'ETIMEDOUT' }),
        failureSentence({ kind: 'timeout', message: 'No answer: ETIMEDOUT', cause: 'ETIMEDOUT' }),
      ],
      ['No answer (ETIMEDOUT).', 'No answer: ETIMEDOUT'],
    );
  });
});

test('an improvement is no change for the worse that lacks evidence', () => {
  const values = { metric: 'p95 latency', canary: 140, baseline: 154, change: -0.088, tolerance: 0.05, unit: 'ms' };
  const said = (direction: string): string =>
    reasonSentence({ code: 'metric-in-band', values: { ...values, direction } });
  assert.equal(said('increase'), 'p95 latency 140 ms against 154 ms (-8.8 %, 5 % allowed)');
  assert.equal(
    said('decrease'),
    'p95 latency 140 ms against 154 ms (-8.8 %, not enough evidence of more than the 5 % allowed)',
  );
});
