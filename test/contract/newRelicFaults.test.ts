// The fault matrix of New Relic: metrics, asked for at once and in the background.
import { testFaultMatrix } from './faultMatrix.ts';
import type { Ending } from './faultMatrix.ts';
import { assertAllValues, read, setStage } from './newRelicStage.ts';
import type { Stage } from './newRelicStage.ts';

async function readAll(stage: Stage): Promise<Ending> {
  const { result, points } = await read(stage);
  if (!result.ok) return { data: 'none', failure: result.failure };
  try {
    assertAllValues(points, stage.fromMs);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}

testFaultMatrix({
  title: 'New Relic, metrics', vendor: 'newRelic', names: /^New Relic, metric "(latency|p95|errors)": /,
  steps: [{ name: 'query', match: 'nrql(' }],
  start: async (context, transport) => {
    const stage = await setStage(context, transport);
    return { vendors: stage.vendors, run: () => readAll(stage) };
  },
});

testFaultMatrix({
  title: 'New Relic, metrics in the background', vendor: 'newRelic', names: /^New Relic, metric "(latency|p95|errors)": /,
  steps: [{ name: 'progress', match: 'nrqlQueryProgress(' }],
  start: async (context, transport) => {
    const stage = await setStage(context, transport);
    return { vendors: stage.vendors, faults: [{ kind: 'slowQuery', durationMs: 7_000 }], run: () => readAll(stage) };
  },
});
