// Real OpenStack runs: how well the engine's own risk tells buggy builds from correct ones.
import { findData, type BenchResult } from '../bench.ts';
import { readTests, scoreRuns } from './judgeOpenstack.ts';

/** The share of correct builds that may be alarmed. */
const nullAlarms = 0.05;

export function run(data: string | undefined): Promise<BenchResult> {
  const folder = findData(data, 'openstack_fi');
  const failing = new Set(
    readTests(folder)
      .filter(test => test.round1 === 'FAILURE')
      .map(test => test.case),
  );
  const bad: number[] = [],
    good: number[] = [];
  for (const { case: name, round, score } of scoreRuns(folder)) {
    if (round === 2) good.push(score);
    else if (failing.has(name)) bad.push(score);
  }
  const wins = bad.reduce(
    (sum, one) => sum + good.reduce((count, other) => count + (one > other ? 1 : one === other ? 0.5 : 0), 0),
    0,
  );
  const limit = [...good].sort((a, b) => b - a)[Math.floor(nullAlarms * good.length)] ?? 0;
  return Promise.resolve({
    name: 'openstack',
    figures: {
      auc: wins / (bad.length * good.length),
      detection: bad.filter(score => score > limit).length / bad.length,
      buggyBuilds: bad.length,
      correctBuilds: good.length,
    },
    targets: { auc: { op: '>=', value: 0.98 }, detection: { op: '>=', value: 0.95 } },
    peers: { auc: '0.954, Drain3 with masks', detection: '0.90, the same, only warnings and errors' },
  });
}
