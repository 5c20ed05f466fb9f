// Why a run waits, or cannot measure: the finding by name, where it was found, and what happens by itself.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import type { Question, RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { Check, Reason } from '../../../src/model/evidence/verdict.ts';
import { formatTime } from '../../../src/protocol/words/format.ts';
import { verdictSentence } from '../../../src/protocol/words/verdictSentence.ts';
import {
  exceptionName,
  inconclusiveSentence,
  noDataReason,
  silentSentence,
  waitingReason,
} from '../../../src/protocol/words/waitingSentences.ts';
import { logsCheck, metricChecks } from '../../panel/fixtures.ts';
import { askedStory, silentStory } from '../../panel/askingStories.ts';
import { startMs, waitingStory } from '../terminal/stories.ts';

const stateOf = (events: readonly RunEvent[]): RunState => reduceRun('r', events) as RunState;
const clock = (atMs: number): string => formatTime(atMs).slice(0, 5);
const nowMs = startMs + 700_000,
  deadlineMs = nowMs + 892_000;
const ask: Partial<Question> = { deadlineMs, otherwise: 'rollback' };

suite('why a run waits', () => {
  test('a decision names the first two exceptions, lines, nodes, and when it rolls back', () => {
    const state = stateOf(askedStory([logsCheck('fail', 24.6, 4), ...metricChecks('pass', nowMs)], ask));
    assert.deepEqual(waitingReason(state, nowMs), {
      kind: 'decision',
      headline: '4 new exceptions on the canary: roll back?',
      detail: 'InventoryReservationException, NullPointerException and 2 more: 12 lines on prod-01 and prod-02',
      automatic: `Rolls back automatically at ${clock(deadlineMs)} (14:52 left).`,
    });
    assert.equal(verdictSentence(state), '4 new exceptions on the canary: roll back?');
  });
  test('a decision about a metric says its change', () => {
    const [latency] = metricChecks('fail', nowMs, {
      reasons: [
        {
          code: 'metric-regressed',
          values: { metric: 'p95 latency', canary: 320, baseline: 208, change: 0.54, unit: 'ms', evidence: 26 },
        },
      ],
    });
    assert.equal(
      waitingReason(stateOf(askedStory([latency as Check], ask)), nowMs)?.headline,
      'p95 latency 320 ms against 208 ms (+54 %): roll back?',
    );
  });
  test('an approval says of what, for which stage, who asked and when', () => {
    const state = stateOf(waitingStory),
      asked = state.questions[0]!;
    const reason = waitingReason(state, asked.question.deadlineMs - 3_494_000);
    assert.equal(reason?.headline, 'Approve storefront 2.14.0 for Production?');
    assert.equal(reason?.detail, `Deploy to production? Requested by maria at ${formatTime(asked.askedAtMs)}.`);
    assert.equal(reason?.automatic, `Rejects automatically at ${clock(asked.question.deadlineMs)} (58:14 left).`);
  });
  test('a held canary says which number is missing', () => {
    const checks = metricChecks('pass', nowMs).map((check, index): Check => {
      const reason: Reason = { code: 'not-enough-data', values: { have: 16, need: 17, what: 'intervals' } };
      return index === 1 ? { ...check, outcome: 'inconclusive', reasons: [reason] } : check;
    });
    assert.equal(inconclusiveSentence(checks), 'Inconclusive: error rate has 16 of 17 required intervals');
    const reason = waitingReason(
      stateOf(askedStory(checks, { kind: 'hold', deadlineMs: 0, otherwise: 'hold' })),
      nowMs,
    );
    assert.deepEqual(
      [reason?.kind, reason?.headline, reason?.automatic],
      ['held', 'Inconclusive: error rate has 16 of 17 required intervals', ''],
    );
  });
  test('a canary that a failed metric holds is not said to be without a failure', () => {
    const checks = metricChecks('pass', nowMs).map((check, index): Check =>
      index === 0 ? { ...check, outcome: 'fail' } : check,
    );
    const message = 'A metric that only holds the run failed. Promote, or roll back?';
    const held = (given: readonly Check[]) =>
      waitingReason(stateOf(askedStory(given, { ...ask, kind: 'hold', otherwise: 'hold', message })), nowMs);
    assert.equal(held(checks)?.headline, message);
    assert.match(held(checks)?.detail ?? '', /^p95 latency 212 ms against 208 ms/);
    const unclear = checks.map((check): Check => ({ ...check, outcome: 'inconclusive' }));
    assert.equal(held(unclear)?.detail, 'No check failed.');
  });
  test('between two phases the next phase is approved', () => {
    const events = askedStory(metricChecks('pass', nowMs), { ...ask, kind: 'approval', message: 'Go on?' });
    assert.equal(
      waitingReason(stateOf(events), nowMs)?.headline,
      'Approve storefront 2.14.0 for phase 2 of Production?',
    );
  });
  test('a run that goes on waits for no one', () => {
    assert.equal(waitingReason(stateOf(silentStory), nowMs), undefined);
  });
});

suite('a silent canary', () => {
  const sinceMs = startMs + 400_000;
  test('says who is silent, for how long, and when the run goes on hold', () => {
    const reason = noDataReason(stateOf(silentStory), sinceMs + 103_000);
    assert.equal(reason?.headline, 'No data from prod-01, prod-02 for 1:43');
    assert.match(reason?.automatic ?? '', /^Goes on hold after \d\d:\d\d \([\d:]+ left\) if no data arrives\.$/);
  });
  test('many nodes are counted; without names no node reports', () => {
    assert.equal(silentSentence(['a', 'b', 'c', 'd', 'e', 'f'], 0, 20_000), 'No data from a, b, c, d, 2 more for 20 s');
    assert.equal(silentSentence([], 0, 103_000), 'No data from any node for 1:43');
  });
  test('is not said where every node reports', () => {
    assert.equal(noDataReason(stateOf(askedStory([logsCheck('fail', 24, 4)], ask)), nowMs), undefined);
  });
});

test('an exception is called by its name, anything else by its beginning', () => {
  assert.equal(exceptionName('java.sql.SQLSyntaxErrorException: column'), 'SQLSyntaxErrorException');
  assert.equal(exceptionName('payment <*> refused'), '“payment … refused”');
});
