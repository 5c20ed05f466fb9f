// The fault matrix of VictoriaLogs: its pages of log lines.
import type { TestContext } from 'node:test';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { fail } from '../../../src/model/failure.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { MatrixStage } from '../faults/faultMatrix.ts';
import type { Transport } from '../faults/vendors.ts';
import { assertAllLines, read, setStage } from './stage.ts';

/** `more`: so many lines on top of the known ones, in the last seconds of the window. */
async function startReading(context: TestContext, transport: Transport, more = 0): Promise<MatrixStage> {
  const stage = await setStage(context, transport);
  let lines: readonly LogLine[] = [];
  for (let i = 0; i < more; i++)
    stage.vendors.telemetry.addLog({
      atMs: stage.request.toMs - 8_000 + Math.floor((8_000 * i) / more),
      node: 'prod-1',
      category: 'shop',
      text: `INFO more ${i}`,
    });
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      if (!found.result.ok) return { data: 'none', failure: found.result.failure };
      lines = [...lines, ...found.lines];
      if (lines.length === 0)
        return {
          data: 'none',
          failure: fail('no-data', 'VictoriaLogs, "app logs": no node said anything in the window.').failure,
        };
      try {
        assertAllLines(lines, more);
        return { data: 'right' };
      } catch (error) {
        return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

testFaultMatrix({
  title: 'VictoriaLogs, logs',
  vendor: 'other',
  names: /^VictoriaLogs, "app logs": /,
  start: startReading,
  steps: [{ name: 'page', match: 'POST /select/logsql/query' }],
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { faults: [{ kind: 'skew', seconds: 300 }], passes: false },
    'node clocks 5 min behind': { faults: [{ kind: 'skew', seconds: -300 }], passes: false },
    'delivered twice': { faults: [{ kind: 'duplicates' }], passes: true },
    'delivered late': { faults: [{ kind: 'lateData', seconds: 30 }], passes: true, again: true },
    // A page has 10,000 lines.
    'ten times the page': {
      faults: [],
      passes: true,
      transport: 'in process',
      start: (context, transport) => startReading(context, transport, 99_975),
    },
  },
});
