// A report in two forms: what a journal keeps of it is bounded, and its pages hold all of it.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { boundReport, joinPages, pageChecks } from '../../../src/model/evidence/reportPages.ts';
import { finishSteps } from '../../../src/model/runs/steps.ts';
import type { ClusterReport, LogsCheck, MetricCheck } from '../../../src/model/evidence/verdict.ts';
import { cluster, latency, quality, report } from '../terminal/stories.ts';

const minutes = { startMs: 0, canary: [1, 2], baseline: [0, 0] };
const series = {
  startMs: 0,
  intervalMs: 1000,
  canary: [1, null],
  baseline: [1, 1],
  low: [0, 0],
  high: [2, 2],
  nodes: {},
};
const risky = (index: number, more: Partial<ClusterReport> = {}): ClusterReport =>
  cluster(`Boom ${index}`, {
    firstSeenMs: 1000 - index,
    minutes,
    samples: { canary: ['x'.repeat(5000), 'y'], baseline: [] },
    ...more,
  });
const metric: MetricCheck = { ...latency, series };
const logs: LogsCheck = {
  ...quality('fail', 24),
  hiddenClusters: 3,
  clusters: [
    ...Array.from({ length: 450 }, (_, index) => risky(index)),
    ...Array.from({ length: 300 }, (_, index) => risky(index, { class: 'known', key: `k${index}` })),
  ],
};

suite('report in two forms', () => {
  test('whole: every check and every cluster comes back, from pages of a few hundred clusters', () => {
    const pages = pageChecks([metric, logs, { ...logs, name: 'other', clusters: [] }]);
    assert.equal(pages.length, 5);
    assert.deepEqual(finishSteps(joinPages(pages)), [metric, logs, { ...logs, name: 'other', clusters: [] }]);
  });

  test('bounded: the riskiest without their minutes, the one seen first among them, and the rest counted', () => {
    const [bareMetric, bare] = boundReport({ ...report('fail', 24), checks: [metric, logs] }).checks;
    assert.deepEqual(bareMetric, latency);
    assert.ok(bare?.kind === 'logs');
    assert.deepEqual(
      [
        bare.clusters.length,
        bare.hiddenClusters,
        bare.clusters.at(-1)?.template,
        bare.clusters[0]?.samples.canary.map(sample => sample.length),
        'minutes' in bare.clusters[0]!,
      ],
      [50, 703, 'Boom 449', [2000], false],
    );
    assert.ok(JSON.stringify(bare).length < 200_000);
  });
});
