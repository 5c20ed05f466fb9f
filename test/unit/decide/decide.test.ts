// The decision table, whole: what the evidence says, what the pipeline wants, who has waited how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../../src/decide/decide.ts';
import type { Situation } from '../../../src/model/runs/decision.ts';
import type { FailureStrategy } from '../../../src/model/pipeline.ts';
import type { MetricQuery, MetricsSource } from '../../../src/model/healthSource.ts';
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
              healthSources: {},
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
          healthSources: {},
          missingData,
          heldByPerson: false,
          waitedOut,
        });
        assert.ok(decision !== 'promote' && decision !== 'continue');
      }
});

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

test('a decision carries the reasons of the checks that made it, and no others', () => {
  const made = decide({
    report: { ...report('fail'), checks: [check('cpu', 'pass'), check('p95', 'fail')] },
    onFailure: { kind: 'rollback' },
    healthSources: {},
    missingData: 'hold',
    heldByPerson: false,
    waitedOut: false,
  });
  assert.deepEqual(
    made.reasons.map(reason => reason.values['metric']),
    ['p95'],
  );
});

test('a metric says itself what its failure leads to, and the gravest of them counts', () => {
  const metric = (name: string, onFailure?: 'rollback' | 'hold'): MetricQuery => ({
    name,
    kind: 'gauge',
    direction: 'increase',
    unit: '',
    ...(onFailure && { onFailure }),
  });
  const s: MetricsSource = {
    kind: 'metrics',
    vendor: 'files',
    name: 's',
    nodeAttribute: 'node',
    delayMs: 0,
    metrics: [metric('cpu', 'hold'), metric('errors', 'rollback'), metric('p95')],
  };
  const decisionOf = (onFailure: FailureStrategy['kind'], ...failed: readonly string[]): string =>
    decide({
      report: {
        ...report('fail'),
        checks: ['cpu', 'errors', 'p95'].map(one => check(one, failed.includes(one) ? 'fail' : 'pass')),
      },
      onFailure: onFailure === 'ask' ? { kind: onFailure, forMs: 1 } : { kind: onFailure },
      healthSources: { s },
      missingData: 'rollback',
      heldByPerson: false,
      waitedOut: false,
    }).decision;
  assert.deepEqual(
    {
      cpu: decisionOf('rollback', 'cpu'),
      'cpu and p95': decisionOf('rollback', 'cpu', 'p95'),
      'p95, which stops': decisionOf('stop', 'cpu', 'p95'),
      'errors, where others ask': decisionOf('ask', 'errors', 'p95'),
      'all, where others stop': decisionOf('stop', 'cpu', 'errors', 'p95'),
    },
    {
      cpu: 'hold',
      'cpu and p95': 'rollback',
      'p95, which stops': 'stop',
      'errors, where others ask': 'rollback',
      'all, where others stop': 'rollback',
    },
  );
});
