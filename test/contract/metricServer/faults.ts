// The fault matrix of a vendor that computes the values of metrics itself.
import type { TestContext } from 'node:test';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { testFaultMatrix, type MatrixStage } from '../faults/faultMatrix.ts';
import type { Transport } from '../faults/vendors.ts';
import { endingOf, readPoints, setMetricStage, type MetricServer } from './stage.ts';

export interface MetricServerFaults {
  /** The vendor's name as its failures begin with it. */
  readonly vendor: string;
  /** The request that gives values, as `METHOD /path`. */
  readonly query: string;
  /** Ten times the intervals of one answer are read too. */
  readonly intervalsPerAnswer: number;
}

export function testMetricServerFaults(server: MetricServer, plan: MetricServerFaults): void {
  const { vendor, query, intervalsPerAnswer } = plan;
  const start = async (context: TestContext, transport: Transport, intervals = 2): Promise<MatrixStage> => {
    const set = await setMetricStage(server, context, transport);
    const fromMs = set.fromMs - (intervals - 2) * set.request.intervalMs;
    let points: readonly MetricPoint[] = [];
    return {
      vendors: set.vendors,
      async run() {
        const read = await readPoints(server, { ...set, request: { ...set.request, fromMs } });
        points = [...points, ...read.points];
        return endingOf(server, { ...read, points }, set);
      },
    };
  };
  testFaultMatrix({
    title: `${vendor}, metrics`,
    vendor: 'other',
    names: /metric "(latency|requests|errors)": /,
    start,
    steps: [{ name: 'query', match: query }],
    data: {
      'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
      'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
      'node clocks 5 min ahead': { noMeaning: 'a value has the time of the vendor' },
      'node clocks 5 min behind': { noMeaning: 'a value has the time of the vendor' },
      'delivered twice': { faults: [], passes: true, again: true },
      'delivered late': { faults: [{ kind: 'lateData', seconds: 15 }], passes: true, again: true },
      'ten times the page': {
        faults: [],
        passes: true,
        transport: 'in process',
        start: (context, transport) => start(context, transport, 10 * intervalsPerAnswer),
      },
    },
  });
}
