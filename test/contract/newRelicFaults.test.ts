// The fault matrix of New Relic: metrics, asked for at once and in the background, and markers.
import type { TestContext } from 'node:test';
import { createMarkers } from '../../src/adapters/markers.ts';
import type { MetricPoint } from '../../src/model/evidence.ts';
import { testFaultMatrix } from './faultMatrix.ts';
import type { MatrixStage } from './faultMatrix.ts';
import { placedOn, setMarkerStage } from './markersStage.ts';
import { endingOf, read, setStage } from './newRelicStage.ts';
import type { Transport } from './vendors.ts';

async function startReading(context: TestContext, transport: Transport): Promise<MatrixStage> {
  const stage = await setStage(context, transport);
  const points: MetricPoint[] = [];
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      points.push(...found.points);
      return endingOf(found.result, points, stage.fromMs);
    },
  };
}
const names = /^New Relic, metric "(latency|p95|errors)": /;

testFaultMatrix({
  title: 'New Relic, metrics', vendor: 'newRelic', names, start: startReading,
  steps: [{ name: 'query', match: 'nrql(' }],
  more: [
    { name: 'nodes five minutes ahead', faults: [{ kind: 'skew', seconds: 300 }], passes: false },
    { name: 'nodes five minutes behind', faults: [{ kind: 'skew', seconds: -300 }], passes: false },
    { name: 'late by 15 s', faults: [{ kind: 'lateData', seconds: 15 }], passes: true, again: true },
    { name: 'older schema', faults: [{ kind: 'olderSchema' }], passes: true },
  ],
});

testFaultMatrix({
  title: 'New Relic, metrics in the background', vendor: 'newRelic', names,
  steps: [{ name: 'progress', match: 'nrqlQueryProgress(' }],
  start: async (context, transport) => ({ ...await startReading(context, transport), faults: [{ kind: 'slowQuery', durationMs: 7_000 }] }),
});

testFaultMatrix({
  title: 'New Relic, markers', vendor: 'newRelic', names: /^New Relic, (canary marker|search for an entity)/,
  steps: [{ name: 'search', match: 'entitySearch(' }, { name: 'marker', match: 'changeTrackingCreateEvent(', repeatable: false }],
  start: async (context, transport) => {
    const { vendors, marker } = await setMarkerStage(context, transport, { name: 'storefront', domain: 'APM', type: 'APPLICATION' });
    const markers = createMarkers(vendors);
    return {
      vendors,
      async run() {
        const placed = await markers.place(marker, new AbortController().signal), count = placedOn(vendors).length;
        if (count > 1 || (placed.ok && count !== 1)) return { data: 'wrong', found: `${count} markers` };
        return placed.ok ? { data: 'right' } : { data: 'none', failure: placed.failure };
      },
    };
  },
});
