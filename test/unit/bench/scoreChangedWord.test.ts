// What counts as found where a known statement says something new, and what as an alarm where all is well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '../../bench/logs/judgeLogs.ts';
import { scoreChangedWord, type ChangedWordCase } from '../../bench/logs/scoreChangedWord.ts';

function judged(kind: string, negative: boolean, ...named: readonly number[][]) {
  const labelled: ChangedWordCase = {
    id: kind,
    kind,
    dataset: 'x',
    negative,
    baseline: [],
    canary: Array.from({ length: 20 }, () => ''),
    traffic_ratio: 1,
    baseline_truth: [],
    canary_truth: [],
    anomalies: [],
    changed: [0, 1, 2, 3],
  };
  return { labelled, alarms: named.map((canary): Alarm => ({ kind: 'unknown', canary, baseline: [] })) };
}

test('half of the changed lines must be named, by one alarm or by several; a healthy case may have none at all', () => {
  assert.deepEqual(
    scoreChangedWord([
      judged('verb', false, [0], [3, 9]),
      judged('verb', false, [0, 9, 10]),
      judged('value', false),
      judged('value', false, [0, 1, 2, 3]),
      judged('value', false, [2, 3]),
      judged('value', false, [1, 1]),
      judged('none', true),
      judged('benign-value', true, [19]),
    ]),
    {
      found: 3 / 6,
      worstKind: 0.5,
      healthyAlarmed: 0.5,
      positives: 6,
      healthy: 2,
      'found value': 0.5,
      'found verb': 0.5,
      'alarmed benign-value': 1,
      'alarmed none': 0,
    },
  );
});
