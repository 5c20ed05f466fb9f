// Two windows with three runs and one, and the command line with a run of its own, against one account: the vendor
// counts no more than it allows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { historyFile } from '../../../src/adapters/store/home.ts';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import { createSumoLogicServer } from '../../../src/demo/sumoLogic/server.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';
import { root } from '../demoServers.ts';

const cli = join(root, 'dist', 'cli.js');
const nodes = ['prod-1', 'prod-2', 'prod-3'];

/** A pipeline whose canary is verified with logs of the account. */
function writePipeline(workspace: string, url: string): void {
  const file = join(workspace, '.backstop', 'pipelines', 'shop.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `version: 1
name: shop
service: shop
artifact: { version: { pattern: '\\d+' } }
connections: { sumo: { sumoLogic: { url: ${JSON.stringify(url)}, credential: sumo } } }
environments: { production: { nodes: [${nodes.join(', ')}] } }
hooks: { deploy: { command: [${JSON.stringify(process.execPath)}, -e, ''] } }
healthSources: { lines: { sumoLogic: { connection: sumo, query: _sourceCategory=shop/cli, delay: 0s } } }
stages:
  - stage: Production
    environment: production
    canary:
      deploy: deploy
      rollback: deploy
      phases: [{ nodes: 30%, settle: 0s }, { nodes: 100%, settle: 0s, verify: false }]
    verification: { sources: [lines], duration: 10s, interval: 2s, history: 20s }
    onFailure: stop
`,
  );
}

/** What the command line's run came to. */
async function runCli(context: TestContext, home: string, url: string): Promise<string> {
  const workspace = mkdtempSync(join(tmpdir(), 'backstop-budget-cli-'));
  context.after(() => {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  });
  writePipeline(workspace, url);
  const env = {
    PATH: process.env['PATH'],
    HOME: workspace,
    BACKSTOP_HOME: home,
    BACKSTOP_USER: 'maria',
    BACKSTOP_CREDENTIAL_SUMO: 'suACCESSID:accessKEYsecret',
  };
  return promisify(execFile)(process.execPath, [cli, 'run', 'shop', '--version', '1'], { cwd: workspace, env }).then(
    ({ stdout }) => stdout,
    (error: unknown) => `${(error as { stdout?: string }).stdout} ${String(error)}`,
  );
}

test(
  'two windows, the command line and five runs never ask one account more than four times in any second',
  {
    timeout: 120_000,
    skip: existsSync(cli) ? false : 'needs the command line: npm run build',
  },
  async context => {
    const telemetry = createTelemetry(),
      nowMs = Date.now();
    for (let i = 0; i < 5; i++)
      telemetry.addLog({ atMs: nowMs - 30_000 - i, node: 'prod-1', category: 'shop/app', text: `INFO ${i}` });
    // Of times to come, too: they are found once their time has come.
    for (let atMs = nowMs - 60_000; atMs < nowMs + 60_000; atMs += 250)
      for (const node of nodes) telemetry.addLog({ atMs, node, category: 'shop/cli', text: 'INFO served' });
    const sleep = (durationMs: number): Promise<void> =>
      new Promise(resolve => {
        setTimeout(resolve, durationMs);
      });
    const { handle } = createSumoLogicServer({
      telemetry,
      now: Date.now,
      sleep,
      faults: createFaults(Date.now),
      accessId: 'suACCESSID',
      accessKey: 'accessKEYsecret',
    });
    const arrivedMs: number[] = [],
      statuses: number[] = [],
      searched: string[] = [];
    let open = 0,
      mostOpen = 0;
    const server = await listen(async request => {
      arrivedMs.push(performance.now());
      mostOpen = Math.max(mostOpen, ++open);
      if (request.path.endsWith('/search/jobs')) searched.push(request.body);
      try {
        const answer = await handle(request);
        statuses.push(answer.status);
        return answer;
      } finally {
        open -= 1;
      }
    });
    context.after(() => server.close());
    const home = mkdtempSync(join(tmpdir(), 'backstop-budget-home-'));
    context.after(() => {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });
    const url = `${server.url}/api`;
    const openWindow = async (runs: number): Promise<readonly string[]> => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        new URL('./reader.ts', import.meta.url).pathname,
        url,
        historyFile(home),
        String(runs),
        '2',
      ]);
      return JSON.parse(stdout) as string[];
    };
    const [said, ...looks] = await Promise.all([runCli(context, home, url), openWindow(3), openWindow(1)]);
    assert.deepEqual(looks.flat(), Array<string>(8).fill('5 lines'));
    assert.match(said, /promoted/);
    const byCli = searched.filter(body => body.includes('shop/cli')).length;
    assert.ok(
      byCli >= 3 && searched.length === byCli + 8,
      `${byCli} of ${searched.length} searches by the command line`,
    );
    const perSecond = arrivedMs.map(fromMs => arrivedMs.filter(atMs => atMs >= fromMs && atMs < fromMs + 1_000).length);
    context.diagnostic(
      `${arrivedMs.length} requests in ${((Math.max(...arrivedMs) - Math.min(...arrivedMs)) / 1000).toFixed(1)} ` +
        `s, ${byCli} searches of the command line, at most ${Math.max(...perSecond)} requests in any second, ` +
        `at most ${mostOpen} at once`,
    );
    assert.equal(statuses.filter(status => status === 429).length, 0);
    assert.ok(
      Math.max(...perSecond) <= 4 && mostOpen <= 10,
      `${Math.max(...perSecond)} in a second, ${mostOpen} at once`,
    );
  },
);
