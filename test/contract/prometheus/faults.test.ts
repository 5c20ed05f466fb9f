// The fault matrix of Prometheus: its range queries, each metric's own.
import type { TestContext } from 'node:test';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { MatrixStage } from '../faults/faultMatrix.ts';
import type { Transport } from '../faults/vendors.ts';
import { endingOf, intervalMs, read, setStage } from './stage.ts';

/** `intervals`: of the window, whose last ones hold all that was measured. */
async function startReading(context: TestContext, transport: Transport, intervals = 2): Promise<MatrixStage> {
  const set = await setStage(context, transport),
    stage = { ...set, request: { ...set.request, fromMs: set.fromMs - (intervals - 2) * intervalMs } };
  let points: readonly MetricPoint[] = [];
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      points = [...points, ...found.points];
      const measured = new Set(
        points.filter(({ metric }) => metric === 'latency').map(({ node, atMs }) => `${node} ${atMs}`),
      ).size;
      if (found.result.ok && measured < 3 * intervals)
        return { data: 'wrong', found: `${measured} values of a metric of three nodes` };
      return endingOf(found.result, points, stage.fromMs);
    },
  };
}

testFaultMatrix({
  title: 'Prometheus, metrics',
  vendor: 'other',
  names: /^Prometheus, metric "(latency|requests|errors)": /,
  start: startReading,
  steps: [{ name: 'range query', match: 'POST /api/v1/query_range' }],
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { noMeaning: 'a sample has the time of the scrape' },
    'node clocks 5 min behind': { noMeaning: 'a sample has the time of the scrape' },
    // Intervals of which some are read again, as those are that were not complete.
    'delivered twice': { faults: [], passes: true, again: true },
    'delivered late': { faults: [{ kind: 'lateData', seconds: 15 }], passes: true, again: true },
    // An answer has 11,000 points.
    'ten times the page': {
      faults: [],
      passes: true,
      transport: 'in process',
      start: (context, transport) => startReading(context, transport, 110_000),
    },
  },
});
