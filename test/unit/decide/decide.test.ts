// The decision table, whole: what the evidence says, what the pipeline wants, who has waited how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../../src/decide/decide.ts';
import type { Situation } from '../../../src/model/runs/decision.ts';
import type { FailureStrategy } from '../../../src/model/pipeline.ts';
import type { Outcome, VerificationReport } from '../../../src/model/evidence/verdict.ts';

const report = (outcome: Outcome): VerificationReport => ({
  outcome,
  checks: [],
  startedAtMs: 0,
  lookedAtMs: 0,
  looks: 1,
});
const strategies: readonly FailureStrategy[] = [
  { kind: 'rollback' },
  { kind: 'stop' },
  { kind: 'ignore' },
  { kind: 'ask', forMs: 1_000 },
];

test('the whole table', () => {
  const rows: string[] = [];
  for (const outcome of ['pass', 'fail', 'inconclusive', undefined] as const) {
    for (const onFailure of strategies)
      for (const missingData of ['hold', 'rollback'] as const)
        for (const heldByPerson of [false, true])
          for (const waitedOut of [false, true]) {
            const situation: Situation = {
              ...(outcome && { report: report(outcome) }),
              onFailure,
              missingData,
              heldByPerson,
              waitedOut,
            };
            const expected = expectation(outcome, onFailure.kind, missingData, heldByPerson, waitedOut);
            if (decide(situation).decision !== expected)
              rows.push(
                `${outcome} ${onFailure.kind} ${missingData} ${heldByPerson} ${waitedOut}: ` +
                  `${decide(situation).decision}, not ${expected}`,
              );
          }
  }
  assert.deepEqual(rows, []);
});

function expectation(
  outcome: Outcome | undefined,
  strategy: string,
  missingData: string,
  held: boolean,
  waitedOut: boolean,
): string {
  if (outcome === 'pass') return held ? 'hold' : 'promote';
  if (outcome === 'inconclusive') return missingData === 'rollback' && waitedOut ? 'rollback' : 'hold';
  return { rollback: 'rollback', stop: 'stop', ignore: 'continue', ask: waitedOut ? 'rollback' : 'ask' }[strategy]!;
}

test('what could not be measured never promotes, whatever the pipeline says', () => {
  for (const onFailure of strategies)
    for (const missingData of ['hold', 'rollback'] as const)
      for (const waitedOut of [false, true]) {
        const { decision } = decide({
          report: report('inconclusive'),
          onFailure,
          missingData,
          heldByPerson: false,
          waitedOut,
        });
        assert.ok(decision !== 'promote' && decision !== 'continue');
      }
});

test('a decision carries the reasons of the checks that made it, and no others', () => {
  const check = (name: string, outcome: Outcome): VerificationReport['checks'][number] => ({
    kind: 'metric',
    source: 's',
    name,
    outcome,
    canary: 1,
    baseline: 1,
    change: 0,
    evidence: 1,
    threshold: 20,
    reasons: [{ code: outcome === 'fail' ? 'metric-regressed' : 'metric-in-band', values: { metric: name } }],
  });
  const made = decide({
    report: { ...report('fail'), checks: [check('cpu', 'pass'), check('p95', 'fail')] },
    onFailure: { kind: 'rollback' },
    missingData: 'hold',
    heldByPerson: false,
    waitedOut: false,
  });
  assert.deepEqual(
    made.reasons.map(reason => reason.values['metric']),
    ['p95'],
  );
});
