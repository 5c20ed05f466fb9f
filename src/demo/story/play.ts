// Plays a scenario as a person would: servers, a workspace, the CLI as a program; then checks how it ended.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { endAllPrograms, startProgram, type RunningProgram } from '../servers/childProgram.ts';
import { digestConfiguration } from '../fleet/configurationDigest.ts';
import { askFleet } from '../fleet/fleetClient.ts';
import { defaultNodes, type FleetNode } from '../fleet/fleet.ts';
import { createScenario, type ScenarioName } from './scenarios.ts';
import type { DemoServers } from '../servers/demoServers.ts';
import { summariseStory, type PlayedRun } from './story.ts';
import { findProblems } from './storyProblems.ts';
import { tellEnding, tellEvent } from './storyLines.ts';
import {
  changeConfiguration,
  configurationContent,
  credentialNames,
  goodVersion,
  newVersion,
  writeDemoWorkspace,
} from './workspace.ts';

export interface PlaySettings {
  readonly scenario: ScenarioName;
  readonly seed: number;
  /** File with the line that `servers` prints; absent: own servers are started. */
  readonly serversFile?: string;
  readonly json: boolean;
  readonly demoPath: string;
  readonly cliPath: string;
  /** Output for people, and output for programs. */
  readonly tell: (line: string) => void;
  readonly print: (line: string) => void;
}

const longestPlayMs = 120_000;
const starter = 'maria',
  approver = 'jonas';

/** Returns the exit status: 0 only if the scenario ended as expected. */
export async function play(settings: PlaySettings): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-demo-'));
  const limit = setTimeout(() => {
    settings.tell(`The scenario took longer than ${longestPlayMs / 1000} s and was stopped.`);
    endAllPrograms();
  }, longestPlayMs);
  const startedAt = performance.now();
  const tell = (line: string): void =>
    settings.tell(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  try {
    return await playIn(folder, { ...settings, tell, conclude: settings.tell });
  } catch (error) {
    settings.tell(`The story could not be played: ${(error as Error).message}`);
    return 1;
  } finally {
    clearTimeout(limit);
    endAllPrograms();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playIn(
  folder: string,
  settings: PlaySettings & { readonly conclude: (line: string) => void },
): Promise<number> {
  const { scenario: name, seed, json, tell, conclude, print } = settings;
  tell(`Scenario ${name}, seed ${seed}`);
  const servers =
    settings.serversFile === undefined
      ? await startServers(settings)
      : readServers(readFileSync(settings.serversFile, 'utf8'));
  await prepareFleet(servers, name, seed);
  tell(`Ten nodes run storefront ${goodVersion}; New Relic, Sumo Logic and Jenkins answer on this machine`);
  const events = await runPipeline(folder, servers, settings);
  const run: PlayedRun = {
    scenario: createScenario(name, seed),
    events,
    fleet: await askNodes(servers, 'production'),
    firstAnomalyMs: await askAnomaly(servers),
  };
  const result = summariseStory(run);
  const releases = {
    good: { version: goodVersion, configuration: digestConfiguration(configurationContent('old')) },
    fresh: { version: newVersion, configuration: digestConfiguration(configurationContent('new')) },
  };
  const problems = findProblems(run, result, releases);
  conclude('');
  for (const line of tellEnding(result, events, run.firstAnomalyMs)) conclude(line);
  for (const problem of problems) conclude(`Not as it must be: ${problem}`);
  conclude(
    problems.length === 0
      ? `Scenario finished as expected: ${result.outcome}.`
      : 'The scenario did not finish as expected.',
  );
  if (json) print(JSON.stringify(result));
  return problems.length === 0 ? 0 : 1;
}

async function startServers({ scenario, seed, demoPath }: PlaySettings): Promise<DemoServers> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const program = startProgram(
    process.execPath,
    [demoPath, 'servers', '--scenario', scenario, '--seed', String(seed), '--with-parent'],
    { directory: tmpdir(), environment: process.env, onLine: resolve },
  );
  const ended = program.done.then(({ status, complaint }): never => {
    throw new Error(`the servers ended with ${status}: ${complaint}`);
  });
  ended.catch(() => undefined);
  return readServers(await Promise.race([promise, ended]));
}

function readServers(text: string): DemoServers {
  const line = text.split('\n').find(one => one.startsWith('{'));
  if (line === undefined) throw new Error('there is no line of JSON that names the servers');
  return JSON.parse(line) as DemoServers;
}

/** Sets the scenario, and restores the old release on nodes that an earlier run changed. */
async function prepareFleet(servers: DemoServers, name: ScenarioName, seed: number): Promise<void> {
  await ask(`${servers.fleet.url}/scenario`, { name, seed });
  const configuration = configurationContent('old');
  const digest = digestConfiguration(configuration);
  const nodes = (
    await Promise.all(
      [...new Set(defaultNodes.map(node => node.environment))].map(environment => askNodes(servers, environment)),
    )
  ).flat();
  const strangers = nodes.filter(node => node.version !== goodVersion || node.configuration !== digest);
  await Promise.all(
    strangers.map(({ node }) => ask(`${servers.fleet.url}/deploy`, { node, version: goodVersion, configuration })),
  );
}

/** Starts a command of Backstop as this person; `onLine` gets what it prints. */
type Backstop = (person: string, words: readonly string[], onLine?: (line: string) => void) => RunningProgram;

/**
 * Adopts the old release, changes the configuration, runs the pipeline and has it approved; returns the run's events.
 */
async function runPipeline(
  folder: string,
  servers: DemoServers,
  { demoPath, cliPath, tell }: PlaySettings,
): Promise<readonly RunEvent[]> {
  const workspace = join(folder, 'storefront');
  writeDemoWorkspace(workspace, servers, { configuration: 'old', nodePath: process.execPath, demoPath });
  const backstop: Backstop = (person, words, onLine) =>
    startProgram(process.execPath, [cliPath, ...words], {
      directory: workspace,
      environment: environmentOf(person, join(folder, 'home'), servers),
      ...(onLine && { onLine }),
    });
  await adoptOldRelease(backstop, tell);
  changeConfiguration(workspace, 'new');
  return deployNewRelease(backstop, tell);
}

async function adoptOldRelease(backstop: Backstop, tell: PlaySettings['tell']): Promise<void> {
  const environments = [...new Set(defaultNodes.map(node => node.environment))];
  const { status, complaint } = await backstop(starter, [
    'adopt',
    'storefront',
    '--version',
    goodVersion,
    ...environments.flatMap(name => ['--environment', name]),
  ]).done;
  if (status !== 0) throw new Error(`backstop adopt ended with ${status}: ${complaint}`);
  tell(`${starter} adopts ${goodVersion} in ${environments.length} environments, then changes config/storefront.json`);
}

async function deployNewRelease(backstop: Backstop, tell: PlaySettings['tell']): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  const approvals: Promise<void>[] = [];
  const strange: string[] = [];
  let lastLook: string | undefined;
  const running = backstop(
    starter,
    ['run', 'storefront', '--version', newVersion, '--input', 'change=CHG-4711', '--json'],
    line => {
      const read = readEvent(line);
      if (!read) strange.push(line);
      if (!read?.event) return;
      const { runId, event } = read;
      events.push(event);
      const told = tellEvent(event);
      // An evaluation that saw the same as the one before is not printed.
      if (event.type !== 'looked' || told[0] !== lastLook) for (const one of told) tell(one);
      if (event.type === 'looked') lastLook = told[0];
      if (event.type === 'asked' && event.question.kind === 'approval') approvals.push(approve(runId));
    },
  );
  async function approve(runId: string): Promise<void> {
    const { status, complaint } = await backstop(approver, ['approve', runId, '--comment', 'Reviewed']).done;
    if (status !== 0) {
      tell(`backstop approve ended with ${status}: ${complaint}`);
      running.end();
    }
  }
  const { status, complaint } = await running.done;
  await Promise.all(approvals);
  if (strange[0] !== undefined)
    throw new Error(`backstop run --json printed a line that is no JSON: ${strange[0].slice(0, 200)}`);
  if (events.length === 0) throw new Error(`backstop run ended with ${status}: ${complaint}`);
  if (complaint !== '') tell(complaint);
  return events;
}

/** The user's own Backstop store and settings are neither used nor changed. */
function environmentOf(person: string, home: string, { newRelic, sumoLogic }: DemoServers): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BACKSTOP_')));
  const variable = (credential: string): string =>
    `BACKSTOP_CREDENTIAL_${credential.toUpperCase().replaceAll('-', '_')}`;
  return {
    ...inherited,
    BACKSTOP_HOME: home,
    BACKSTOP_USER: person,
    [variable(credentialNames.newRelic)]: newRelic.apiKey,
    [variable(credentialNames.sumoLogic)]: `${sumoLogic.accessId}:${sumoLogic.accessKey}`,
  };
}

/** A line of `run --json`; the last one has no event. */
function readEvent(line: string): { readonly runId: string; readonly event?: RunEvent } | undefined {
  try {
    return JSON.parse(line) as { runId: string; event?: RunEvent };
  } catch {
    return undefined;
  }
}

async function askNodes({ fleet }: DemoServers, environment: string): Promise<readonly FleetNode[]> {
  return (await ask(`${fleet.url}/nodes?environment=${environment}`)) as readonly FleetNode[];
}

async function askAnomaly({ fleet }: DemoServers): Promise<number | null> {
  return ((await ask(`${fleet.url}/anomaly`)) as { firstAnomalyMs: number | null }).firstAnomalyMs;
}

async function ask(url: string, body?: unknown): Promise<unknown> {
  const answer = await askFleet(url, body);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}
