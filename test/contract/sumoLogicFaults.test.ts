// The fault matrix of Sumo Logic: a search job from its creation to its deletion.
import { testFaultMatrix } from './faultMatrix.ts';
import type { Ending } from './faultMatrix.ts';
import { assertAllLines, read, setStage } from './sumoLogicStage.ts';
import type { Stage } from './sumoLogicStage.ts';

async function readAll(stage: Stage): Promise<Ending> {
  const { result, lines } = await read(stage);
  if (!result.ok) return { data: 'none', failure: result.failure };
  try {
    assertAllLines(lines);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}

testFaultMatrix({
  title: 'Sumo Logic, logs', vendor: 'sumoLogic', names: /^Sumo Logic, "app logs": /,
  steps: [
    { name: 'create', match: 'POST /api/v1/search/jobs' },
    { name: 'poll', match: 'GET /api/v1/search/jobs/', unless: '/messages' },
    { name: 'page', match: '/messages' },
    { name: 'delete', match: 'DELETE /api/v1/search/jobs/' },
  ],
  more: [
    { name: 'expired job', faults: [{ kind: 'expireJob', times: 1 }], passes: true },
    { name: 'lost cookie', faults: [{ kind: 'loseCookie', times: 1 }], passes: true },
    { name: 'short pages', faults: [{ kind: 'shortPages', rows: 3 }], passes: true },
    { name: 'wrong deployment', faults: [{ kind: 'wrongDeployment', times: 2 }], passes: true },
    { name: 'every line twice', faults: [{ kind: 'duplicates' }], passes: true },
    { name: 'clock 5 min ahead', faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    { name: 'clock 5 min behind', faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
  ],
  start: async (context, transport) => {
    const stage = await setStage(context, transport);
    return { vendors: stage.vendors, run: () => readAll(stage) };
  },
});
