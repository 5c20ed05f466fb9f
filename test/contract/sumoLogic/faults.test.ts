// The fault matrix of Sumo Logic: a search job from its creation to its deletion.
import type { TestContext } from 'node:test';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { fail } from '../../../src/model/failure.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { MatrixStage } from '../faults/faultMatrix.ts';
import { assertAllLines, read, setStage } from './stage.ts';
import type { Transport } from '../faults/vendors.ts';

/** `more`: so many lines on top of the known ones, in the last seconds of the window. */
async function startReading(context: TestContext, transport: Transport, more = 0): Promise<MatrixStage> {
  const stage = await setStage(context, transport),
    lines: LogLine[] = [];
  for (let i = 0; i < more; i++)
    stage.vendors.telemetry.addLog({
      atMs: stage.request.toMs - 8_000 + Math.floor((8_000 * i) / more),
      node: 'prod-1',
      category: 'shop/app',
      text: `INFO more ${i}`,
    });
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      if (!found.result.ok) return { data: 'none', failure: found.result.failure };
      lines.push(...found.lines);
      if (lines.length === 0)
        return {
          data: 'none',
          failure: fail('no-data', 'Sumo Logic, "app logs": no node said anything in the window.').failure,
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
  title: 'Sumo Logic, logs',
  vendor: 'sumoLogic',
  names: /^Sumo Logic, "app logs": /,
  start: startReading,
  steps: [
    { name: 'create', match: 'POST /api/v1/search/jobs' },
    { name: 'poll', match: 'GET /api/v1/search/jobs/', unless: '/messages' },
    { name: 'page', match: '/messages' },
    { name: 'delete', match: 'DELETE /api/v1/search/jobs/' },
  ],
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { faults: [{ kind: 'skew', seconds: 300 }], passes: false },
    'node clocks 5 min behind': { faults: [{ kind: 'skew', seconds: -300 }], passes: false },
    'delivered twice': { faults: [{ kind: 'duplicates' }], passes: true },
    'delivered late': { faults: [{ kind: 'lateData', seconds: 30 }], passes: true, again: true },
    // A page has 10,000 messages, a job ten pages.
    'ten times the page': {
      faults: [],
      passes: true,
      transport: 'in process',
      start: (context, transport) => startReading(context, transport, 99_975),
    },
  },
  more: [
    { name: 'expired job', faults: [{ kind: 'expireJob', times: 1 }], passes: true },
    { name: 'lost cookie', faults: [{ kind: 'loseCookie', times: 1 }], passes: true },
    { name: 'short pages', faults: [{ kind: 'shortPages', rows: 3 }], passes: true },
    { name: 'wrong deployment', faults: [{ kind: 'wrongDeployment', times: 2 }], passes: true },
  ],
});
