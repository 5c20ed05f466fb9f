// A process of its own that reads one Sumo Logic account, as a window or a terminal does: so many runs at once, so many
// looks each. Arguments: the server's address, the store that all share, runs, looks. Prints one JSON line: how many
// lines each look read, or why it failed.
import { createBudget } from '../../../src/vendors/transport/budget.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { openBudgetStore } from '../../../src/adapters/store/historyBudget.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import { decodeSumoMessages } from '../../../src/vendors/sumoLogic/messages.decode.ts';
import { systemClock } from '../../../src/adapters/time.ts';
import { succeed } from '../../../src/model/failure.ts';
import { source } from './stage.ts';
import { credentials } from '../faults/vendors.ts';

const [url = '', path = '', runs, looks] = process.argv.slice(2);
const store = openBudgetStore(path);
if (!store.ok) throw new Error(store.failure.message);
const sources = createHealthSources({
  http: createHttp(),
  clock: systemClock,
  credentials,
  budget: createBudget(store.value, systemClock),
});

async function look(): Promise<string> {
  const nowMs = Date.now();
  const request = {
    source,
    connection: { vendor: 'sumoLogic', url, credential: 'sumo' },
    nodes: ['prod-1'],
    fromMs: nowMs - 600_000,
    toMs: nowMs,
    intervalMs: 60_000,
  } as const;
  let lines = 0;
  const read = await sources.read(
    request,
    page => {
      const decoded = decodeSumoMessages(page.bytes, page.context);
      if (decoded.ok) lines += decoded.value.rows;
      return Promise.resolve(decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded);
    },
    new AbortController().signal,
  );
  return read.ok ? `${lines} lines` : read.failure.message;
}

const run = async (): Promise<readonly string[]> => {
  const said: string[] = [];
  for (let turn = 0; turn < Number(looks); turn++) said.push(await look());
  return said;
};
process.stdout.write(JSON.stringify((await Promise.all(Array.from({ length: Number(runs) }, run))).flat()));
store.value.close();
