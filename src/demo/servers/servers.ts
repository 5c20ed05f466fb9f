// Starts the fleet and the vendors' servers in this process, with five minutes of history, and lets time pass.
import type { DemoServers } from './addresses.ts';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { digestConfiguration } from '../fleet/configurationDigest.ts';
import { createFaults } from '../faults/faults.ts';
import { createFleet, playHistory } from '../fleet/fleet.ts';
import { createFleetHandler } from '../fleet/fleetServer.ts';
import { runHook } from '../fleet/hook.ts';
import { listen } from './httpServer.ts';
import type { Parameters } from '../jenkins/builds.ts';
import { demoJobs } from '../jenkins/demoJobs.ts';
import { createJenkinsServer } from '../jenkins/server.ts';
import { createNewRelicServer } from '../newRelic/newRelicServer.ts';
import { createScenario, type ScenarioName } from '../story/scenarios.ts';
import { createSumoLogicServer } from '../sumoLogic/server.ts';
import { createTelemetry } from '../fleet/telemetry.ts';
import { configurationContent, goodVersion } from '../story/workspace.ts';

const historyMs = 5 * 60_000;
/** Fleet time goes in steps of this length. */
const tickMs = 100;
const accountId = 4_711_001;

export async function startDemoServers(
  scenario: ScenarioName,
  seed: number,
): Promise<{ readonly servers: DemoServers; close(): Promise<void> }> {
  const now = Date.now;
  // A build that still waits or works keeps nobody from ending the servers.
  const sleep = async (durationMs: number): Promise<void> => {
    await wait(Math.max(0, durationMs), undefined, { ref: false });
  };
  const telemetry = createTelemetry();
  const faults = createFaults(now);
  const release = { version: goodVersion, configuration: digestConfiguration(configurationContent('old')) };
  const startMs = Math.floor((now() - historyMs) / tickMs) * tickMs;
  const fleet = createFleet({ seed, telemetry, startMs, release });
  playHistory(fleet, startMs, startMs + historyMs);
  fleet.setScenario(createScenario(scenario, seed));

  const apiKey = `NRAK-${randomBytes(14).toString('hex').slice(0, 27).toUpperCase()}`;
  const entityGuid = Buffer.from(`${accountId}|APM|APPLICATION|1001`).toString('base64url');
  const sumoLogic = { accessId: `su${randomBytes(6).toString('hex')}`, accessKey: randomBytes(32).toString('hex') };
  const jenkins = { user: 'demo', token: randomBytes(17).toString('hex'), job: 'storefront' };
  const hosts = fleet.nodes('production', startMs).map(({ node }) => node);
  const common = { telemetry, faults, now, sleep };
  const fleetServer = await listen(createFleetHandler({ fleet, faults, now, sleep }));
  const jobs = demoJobs({
    nowMs: now(),
    sleep,
    work: (action, parameters, log) => workOfJenkins(fleetServer.url, action, parameters, log),
  });
  const [newRelicServer, sumoLogicServer, jenkinsServer] = await Promise.all([
    listen(createNewRelicServer({ ...common, accountId, apiKey, entityGuid, hosts }).handle),
    listen(createSumoLogicServer({ ...common, ...sumoLogic }).handle),
    listen(createJenkinsServer({ ...common, ...jenkins, jobs }).handle),
  ]);
  const ticking = setInterval(() => fleet.advance(now()), tickMs);
  return {
    servers: {
      newRelic: { url: newRelicServer.url, accountId, apiKey, entityGuid },
      sumoLogic: { endpoint: `${sumoLogicServer.url}/api`, ...sumoLogic },
      jenkins: { url: jenkinsServer.url, ...jenkins },
      fleet: { url: fleetServer.url },
    },
    async close() {
      clearInterval(ticking);
      await Promise.all([fleetServer, newRelicServer, sumoLogicServer, jenkinsServer].map(server => server.close()));
    },
  };
}

/** What Jenkins' jobs run on the nodes is the same program that the demo workspace's hooks run. */
async function workOfJenkins(
  fleetUrl: string,
  action: 'deploy' | 'check',
  parameters: Parameters,
  log: (line: string) => void,
): Promise<boolean> {
  return (
    (await runHook(
      action,
      {
        DEMO_FLEET_URL: fleetUrl,
        BACKSTOP_VERSION: parameters['VERSION'],
        BACKSTOP_NODES: parameters['NODES'],
        BACKSTOP_ENVIRONMENT: parameters['ENVIRONMENT'],
        BACKSTOP_CONFIG_DIR: parameters['CONFIG_DIR'],
        BACKSTOP_CONFIG_DIGEST: parameters['CONFIGURATION'],
      },
      log,
      log,
    )) === 0
  );
}
