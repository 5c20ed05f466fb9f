// Two windows, the command line and three runs in one of them against one account: the vendor counts no more than it allows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createFaults } from '../../src/demo/faults.ts';
import { listen } from '../../src/demo/httpServer.ts';
import { createSumoLogicServer } from '../../src/demo/sumoLogicServer.ts';
import { createTelemetry } from '../../src/demo/telemetry.ts';
import { newStorePath } from '../fakes/localBudget.ts';

test('two windows, the command line and three runs never ask one account more than four times in any second', { timeout: 120_000 }, async context => {
  const telemetry = createTelemetry();
  for (let i = 0; i < 5; i++) telemetry.addLog({ atMs: Date.now() - 30_000 - i, node: 'prod-1', category: 'shop/app', text: `INFO ${i}` });
  const sleep = (durationMs: number): Promise<void> => new Promise(resolve => { setTimeout(resolve, durationMs); });
  const { handle } = createSumoLogicServer({ telemetry, now: Date.now, sleep, faults: createFaults(Date.now), accessId: 'suACCESSID', accessKey: 'accessKEYsecret' });
  const arrivedMs: number[] = [], statuses: number[] = [];
  let open = 0, mostOpen = 0;
  const server = await listen(async request => {
    arrivedMs.push(performance.now());
    mostOpen = Math.max(mostOpen, ++open);
    try {
      const answer = await handle(request);
      statuses.push(answer.status);
      return answer;
    } finally { open -= 1; }
  });
  context.after(() => server.close());
  const store = newStorePath(context);
  const start = async (runs: number, looks: number): Promise<readonly string[]> => {
    const { stdout } = await promisify(execFile)(process.execPath, [new URL('./sumoReader.ts', import.meta.url).pathname, `${server.url}/api`, store, String(runs), String(looks)]);
    return JSON.parse(stdout) as string[];
  };
  const said = (await Promise.all([start(3, 1), start(1, 2), start(1, 2)])).flat();
  assert.deepEqual(said, Array<string>(7).fill('5 lines'));
  const perSecond = arrivedMs.map(fromMs => arrivedMs.filter(atMs => atMs >= fromMs && atMs < fromMs + 1_000).length);
  context.diagnostic(`${arrivedMs.length} requests in ${((Math.max(...arrivedMs) - Math.min(...arrivedMs)) / 1000).toFixed(1)} s, at most ${Math.max(...perSecond)} in any second, at most ${mostOpen} at once`);
  assert.equal(statuses.filter(status => status === 429).length, 0);
  assert.ok(Math.max(...perSecond) <= 4 && mostOpen <= 10, `${Math.max(...perSecond)} in a second, ${mostOpen} at once`);
  assert.equal(arrivedMs.length, 28);
});
