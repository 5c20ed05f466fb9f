// The demo on a virtual clock, in one process: the fleet, the vendors' handlers, the product's adapters and engine; no
// sockets, no processes.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifacts } from '../../../src/vendors/artifacts.ts';
import { createBudget } from '../../../src/vendors/transport/budget.ts';
import { releaseId } from '../../../src/adapters/files/configurations.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { openHistory } from '../../../src/adapters/store/history.ts';
import { openBudgetStore, type OpenBudget } from '../../../src/adapters/store/historyBudget.ts';
import { runJenkinsHook } from '../../../src/vendors/jenkins/hook.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import { digestConfiguration } from '../../../src/demo/fleet/configurationDigest.ts';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { createFleet, playHistory, type Fleet } from '../../../src/demo/fleet/fleet.ts';
import { createFleetHandler } from '../../../src/demo/fleet/fleetServer.ts';
import type { Handler } from '../../../src/demo/servers/httpServer.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import { createRandom } from '../../../src/demo/fleet/random.ts';
import { createScenario, type ScenarioName } from '../../../src/demo/story/scenarios.ts';
import { summariseStory, type StoryResult } from '../../../src/demo/story/story.ts';
import { findProblems } from '../../../src/demo/story/storyProblems.ts';
import { createSumoLogicServer } from '../../../src/demo/sumoLogic/server.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';
import {
  configurationContent,
  credentialNames,
  goodVersion,
  newVersion,
  writeDemoWorkspace,
} from '../../../src/demo/story/workspace.ts';
import { createEngine } from '../../../src/engine.ts';
import { describeFailure, fail, succeed, type Result } from '../../../src/model/failure.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Clock, Ports } from '../../../src/model/ports.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { Check } from '../../../src/model/evidence/verdict.ts';
import type { Configuration } from '../../../src/model/release.ts';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { createHandlerHttp } from '../../contract/faults/handlerHttp.ts';
import { createInlineAnalysis } from '../../fakes/inlineAnalysis.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { createBenchJenkins } from './demoJenkins.ts';

export interface PlayedStory {
  readonly result: StoryResult;
  /** What is not as the scenario must end. */
  readonly problems: readonly string[];
  /** Of the processor, from the decision to the last node back. */
  readonly engineMs: number;
  readonly events: readonly RunEvent[];
  /** The whole checks of each verification's last look, by its key. */
  readonly checks: ReadonlyMap<string, readonly Check[]>;
  /** What the engine logged, and the bytes of its store. */
  readonly told: { readonly log: readonly string[]; readonly store: string };
}

const historyMs = 5 * 60_000,
  tickMs = 100;
const addresses = {
  newRelic: { url: 'http://newrelic.test', accountId: 1, apiKey: 'NRAK-BENCH', entityGuid: 'RU5USVRZ' },
  sumoLogic: { endpoint: 'http://sumologic.test/api', accessId: 'suBENCH', accessKey: 'benchACCESSkey' },
  jenkins: { url: 'http://jenkins.test', user: 'demo', token: 'benchTOKENofJenkins', job: 'storefront' },
  fleet: { url: 'http://fleet.test' },
};

const values: Readonly<Record<string, string>> = {
  [credentialNames.newRelic]: addresses.newRelic.apiKey,
  [credentialNames.sumoLogic]: `${addresses.sumoLogic.accessId}:${addresses.sumoLogic.accessKey}`,
  [credentialNames.jenkins]: `${addresses.jenkins.user}:${addresses.jenkins.token}`,
};

/** What nothing may tell. */
export const credentials: readonly string[] = [
  addresses.newRelic.apiKey,
  addresses.sumoLogic.accessKey,
  addresses.jenkins.token,
];

/**
 * One run of the demo's pipeline, adopted and started as `play` does it. With faults it is given the time to wait them
 * out: two minutes instead of seconds.
 */
export async function playStory(name: ScenarioName, seed: number, faults?: unknown): Promise<PlayedStory> {
  const folder = mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : tmpdir()}/backstop-bench-`);
  const clock = createVirtualClock(1_795_000_000_000 + seed * 86_400_000);
  const opened = openHistory(join(folder, 'history.db'), clock.now);
  if (!opened.ok) throw new Error(opened.failure.message);
  const budgets = openBudgetStore(join(folder, 'history.db'), clock.now, () => 0.5);
  if (!budgets.ok) throw new Error(budgets.failure.message);
  // Pauses before retries are spread by chance: a seed plays the same each time.
  const { random } = Math;
  Math.random = createRandom(seed, 'retries').next;
  try {
    return await clock.drive(
      play({ name, seed, folder, clock, history: opened.value, budgets: budgets.value, specification: faults }),
    );
  } finally {
    Math.random = random;
    opened.value.close();
    budgets.value.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Play {
  readonly name: ScenarioName;
  readonly seed: number;
  readonly folder: string;
  readonly clock: Clock;
  readonly history: Ports['history'];
  readonly budgets: OpenBudget;
  /** As the fleet's `POST /faults` takes it. */
  readonly specification: unknown;
}

async function play({ name, seed, folder, clock, history, budgets, specification }: Play): Promise<PlayedStory> {
  const scenario = createScenario(name, seed);
  const telemetry = createTelemetry(),
    faults = createFaults(clock.now, seed);
  const set = faults.set(specification ?? {});
  if (!set.ok) throw new Error(set.failure.message);
  const good = { version: goodVersion, configuration: digestConfiguration(configurationContent('old')) };
  const log: string[] = [];
  const fleet = createFleet({ seed, telemetry, startMs: clock.now() - historyMs, release: good });
  playHistory(fleet, clock.now() - historyMs, clock.now());
  fleet.setScenario(scenario);
  const sleep = (durationMs: number): Promise<void> => clock.sleep(durationMs);
  const servers = { telemetry, faults, now: clock.now, sleep };
  const newRelic = createNewRelicServer({
    ...servers,
    ...addresses.newRelic,
    hosts: fleet.nodes('production', clock.now()).map(({ node }) => node),
  });
  const sumoLogic = createSumoLogicServer({ ...servers, ...addresses.sumoLogic });
  const jenkins = createBenchJenkins(addresses.jenkins, {
    fleet: createFleetHandler({ fleet, ...servers }),
    newDigest: configurationOf('new').digest,
    clock,
    faults,
  });
  const vendors: Readonly<Record<string, { readonly handle: Handler }>> = {
    'newrelic.test': newRelic,
    'sumologic.test': sumoLogic,
    'jenkins.test': jenkins,
  };
  const http = createHandlerHttp(request => vendors[request.headers['host']!]!.handle(request), clock);
  const outside = {
    http,
    clock,
    budget: createBudget(budgets, clock),
    credentials: { get: (credential: string) => succeed(values[credential]!) },
  };
  const healthSources = createHealthSources(outside),
    markers = createMarkers(outside);
  let configuration = configurationOf('old'),
    runs = 0;
  const engine = createEngine({
    clock,
    history,
    hooks: { run: (request, signal) => runJenkinsHook(outside, request, signal), isUnderWay: () => false },
    ids: { nextRunId: () => `run-${++runs}` },
    log: {
      debug: message => {
        log.push(message);
      },
      warn: message => {
        log.push(message);
      },
    },
    nodeLists: { list: () => Promise.resolve(fail('not-found', 'No environment of the demo lists its nodes.')) },
    healthSources,
    markers,
    sourceChecks: createSourceChecks({ ...outside, healthSources, markers }),
    artifacts: createArtifacts(outside),
    analysis: createInlineAnalysis(),
    feedback: { read: () => succeed(undefined), replace: () => fail('refused', 'no repository') },
    repository: () => ({ name: 'demo', folder: '/demo' }),
    configurations: {
      capture: () => succeed(configuration),
      materialise: ({ digest }) => succeed(digest),
      read: () => fail('not-found', 'not stored'),
      releaseId,
    },
  });
  const pipeline = demoPipeline(folder, specification === undefined ? '5s' : '2m');
  const playing = new AbortController();
  const passing = letTimePass(fleet, clock, playing.signal);
  const maria = { name: 'maria', via: 'cli' } as const,
    jonas = { name: 'jonas', via: 'cli' } as const;
  // What was refused has changed nothing, and a person says it again.
  const insist = async <T>(ask: () => Promise<Result<T>>): Promise<T> => {
    let answer = await ask();
    for (let tries = 1; !answer.ok && specification !== undefined && tries < 5; tries++) answer = await ask();
    if (!answer.ok) throw new Error(describeFailure(answer.failure));
    return answer.value;
  };
  for (const environment of Object.keys(pipeline.environments))
    await insist(() => engine.adopt({ pipeline, environment, version: goodVersion, by: maria }));
  configuration = configurationOf('new');
  let decidedMs = 0,
    engineMs = 0;
  engine.watch({
    onEvent(runId, event) {
      if (event.type === 'asked' && event.question.kind === 'approval')
        void engine.instruct(runId, { type: 'approve', by: jonas, at: clock.now() });
      if (event.type === 'decided' && event.decision === 'rollback') decidedMs = performance.now();
      if (event.type === 'rollback-finished') engineMs = performance.now() - decidedMs;
    },
  });
  const { runId, done } = await insist(() =>
    engine.start({ pipeline, inputs: { change: 'CHG-4711' }, version: newVersion, by: maria }),
  );
  await done;
  playing.abort();
  await passing;
  const run = {
    scenario,
    events: history.events(runId),
    fleet: fleet.nodes('production', clock.now()),
    firstAnomalyMs: fleet.firstAnomalyMs() ?? null,
  };
  const result = summariseStory(run);
  const store = readdirSync(folder)
    .filter(file => file.startsWith('history.db'))
    .map(file => readFileSync(join(folder, file), 'latin1'))
    .join('');
  return {
    result,
    engineMs,
    told: { log, store },
    events: run.events,
    checks: wholeChecks(history, runId, run.events),
    problems: [
      ...findProblems(run, result, {
        good,
        fresh: { version: newVersion, configuration: configurationOf('new').digest },
      }),
      ...jenkins.findProblems(),
    ],
  };
}

function wholeChecks(
  history: Ports['history'],
  runId: string,
  events: readonly RunEvent[],
): ReadonlyMap<string, readonly Check[]> {
  return new Map(
    events.flatMap(event => {
      const stored = event.type === 'verification-started' ? history.report(runId, event.key) : undefined;
      if (event.type !== 'verification-started' || !stored) return [];
      const reading = stored.read();
      for (;;) {
        const step = reading.next();
        if (step.done) return [[event.key, step.value] as const];
      }
    }),
  );
}

async function letTimePass(fleet: Fleet, clock: Clock, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    fleet.advance(clock.now());
    await clock.sleep(tickMs, until);
  }
}

function demoPipeline(folder: string, holdFor: string): Pipeline {
  writeDemoWorkspace(folder, addresses, {
    configuration: 'old',
    nodePath: 'node',
    demoPath: 'demo.js',
    throughJenkins: true,
  });
  const file = '.backstop/pipelines/storefront.yaml';
  const parsed = parsePipeline(
    readFileSync(join(folder, file), 'utf8').replace(/holdFor: \w+/, `holdFor: ${holdFor}`),
    file,
  );
  if (!parsed.pipeline) throw new Error(JSON.stringify(parsed.problems));
  return parsed.pipeline;
}

function configurationOf(which: 'old' | 'new'): Configuration {
  const content = configurationContent(which);
  const files = Object.entries(content.files).map(([path, text]) => ({
    path,
    digest: createHash('sha256').update(text).digest('hex'),
    sizeBytes: Buffer.byteLength(text),
  }));
  return { digest: digestConfiguration(content), files, variables: content.variables };
}
