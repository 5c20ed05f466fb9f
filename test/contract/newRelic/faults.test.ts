// The fault matrix of New Relic: metrics, asked for at once and in the background, and markers.
import type { TestContext } from 'node:test';
import { createMarkers } from '../../../src/vendors/markers.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { MatrixStage } from '../faults/faultMatrix.ts';
import { placedOn, setMarkerStage } from './markersStage.ts';
import { endingOf, errorsWithin200, intervalMs, read, setStage } from './stage.ts';
import type { Transport } from '../faults/vendors.ts';

/** `buckets`: of the window, whose last ones hold all that was measured. */
async function startReading(context: TestContext, transport: Transport, buckets = 2): Promise<MatrixStage> {
  const set = await setStage(context, transport),
    stage = { ...set, request: { ...set.request, fromMs: set.fromMs - (buckets - 2) * intervalMs } };
  const points: MetricPoint[] = [];
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      points.push(...found.points);
      const measured = new Set(points.map(({ metric, node, atMs }) => `${metric} ${node} ${atMs}`)).size;
      if (found.result.ok && measured < 3 * 3 * buckets)
        return { data: 'wrong', found: `${measured} values of three metrics of three nodes` };
      return endingOf(found.result, points, stage.fromMs);
    },
  };
}
const title = 'New Relic, metrics';
const names = /^New Relic, metric "(latency|p95|errors)": /;

testFaultMatrix({
  title,
  vendor: 'newRelic',
  names,
  start: startReading,
  atSteps: errorsWithin200,
  steps: [{ name: 'query', match: 'nrql(' }],
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { faults: [{ kind: 'skew', seconds: 300 }], passes: false },
    'node clocks 5 min behind': { faults: [{ kind: 'skew', seconds: -300 }], passes: false },
    // Buckets of which some are read again, as those are that were not complete.
    'delivered twice': { faults: [], passes: true, again: true },
    'delivered late': { faults: [{ kind: 'lateData', seconds: 15 }], passes: true, again: true },
    // An answer has 366 buckets.
    'ten times the page': {
      faults: [],
      passes: true,
      transport: 'in process',
      start: (context, transport) => startReading(context, transport, 3_660),
    },
  },
  more: [{ name: 'older schema', faults: [{ kind: 'olderSchema' }], passes: true }],
});

testFaultMatrix({
  title: 'New Relic, metrics in the background',
  vendor: 'newRelic',
  names,
  atSteps: errorsWithin200,
  data: { shownIn: title },
  more: [{ name: 'ids of queries as numbers', faults: [{ kind: 'numericQueryIds' }], passes: true }],
  steps: [{ name: 'progress', match: 'nrqlQueryProgress(' }],
  start: async (context, transport) => ({
    ...(await startReading(context, transport)),
    faults: [{ kind: 'slowQuery', durationMs: 7_000 }],
  }),
});

testFaultMatrix({
  title: 'New Relic, markers',
  vendor: 'newRelic',
  names: /^New Relic, (canary marker|search for an entity)/,
  atSteps: errorsWithin200,
  steps: [
    { name: 'search', match: 'entitySearch(' },
    { name: 'marker', match: 'changeTrackingCreateEvent(', repeatable: false },
  ],
  start: startMarking,
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { noMeaning: 'a marker bears no time of a node' },
    'node clocks 5 min behind': { noMeaning: 'a marker bears no time of a node' },
    'delivered twice': { faults: [{ kind: 'duplicates' }], passes: true },
    'delivered late': { noMeaning: 'a marker is written and not read back' },
    // Services of that name in ten other accounts; a page has one entity.
    'ten times the page': {
      faults: [],
      passes: true,
      start: (context, transport) => startMarking(context, transport, [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]),
    },
  },
});

async function startMarking(
  context: TestContext,
  transport: Transport,
  otherAccounts: readonly number[] = [],
): Promise<MatrixStage> {
  const { vendors, marker } = await setMarkerStage(
    context,
    transport,
    { name: 'storefront', domain: 'APM', type: 'APPLICATION' },
    otherAccounts,
  );
  const markers = createMarkers(vendors);
  return {
    vendors,
    async run() {
      const placed = await markers.place(marker, new AbortController().signal),
        count = placedOn(vendors).length;
      if (count > 1 || (placed.ok && count !== 1)) return { data: 'wrong', found: `${count} markers` };
      return placed.ok ? { data: 'right' } : { data: 'none', failure: placed.failure };
    },
  };
}
