// Services that deploy side by side in one world: each has nodes of its own, releases that are good or bad, and trouble
// that the bench draws for each run.
import { identityIn } from '../../../src/model/identity.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Clock, Ports } from '../../../src/model/ports.ts';
import type { Release } from '../../../src/model/release.ts';
import type { Outcome, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import type { StartVerification, VerificationTask } from '../../../src/model/evidence/verification.ts';
import { layOutRun } from '../../../src/plan/layOut.ts';
import type { BeginningRuns } from '../../../src/run/begin.ts';
import { createWorld, type World } from '../../unit/run/worldFixture.ts';
import { canaryStage, newRelease, pipelineOf } from '../../unit/run/worldPipeline.ts';

/** What befalls one run. */
export interface Trouble {
  readonly isBad: boolean;
  /** Of the vendors: every look, some looks, or none can be read. */
  readonly network: 'calm' | 'flaky' | 'down';
  /** Of the deploy hook on one node: the first try fails, or every try. */
  readonly hook: 'works' | 'fails once' | 'fails';
}

export interface Lane {
  readonly identity: string;
  readonly pipeline: Pipeline;
  readonly nodes: readonly string[];
  /** The release that a rollback must restore. */
  working: string;
  trouble: Trouble;
}

export interface Lanes {
  readonly world: World;
  readonly lanes: readonly Lane[];
  /** As a process that has these ports. */
  runs(ports: Ports): BeginningRuns;
  close(): void;
}

export const calm: Trouble = { isBad: false, network: 'calm', hook: 'works' };
const nodesPerLane = 5,
  lookMs = 1_000,
  looksPerWindow = 10;
const repository = 'git.example/fleet';

export function openLanes(count: number, random: () => number): Lanes {
  const closers: (() => void)[] = [];
  const world = createWorld({
    after: close => closers.push(close as () => void),
    diagnostic() {
      /* what breaks on purpose */
    },
  });
  Object.assign(world.ports, { repository: () => ({ name: repository, folder: '/fleet' }) });
  const lanes = Array.from({ length: count }, (_, index) => openLane(world, `service-${index}`));
  for (const lane of lanes) failHooks(world, lane);
  const verify = (clock: Clock): StartVerification => startVerification(clock, lanes, random);
  return {
    world,
    lanes,
    runs: ports => ({
      ports,
      phases: { ...world.phases(ports.clock), startVerification: verify(ports.clock) },
      rules: { checkInputs: () => succeed({}), checkVersion: (_, version) => succeed(version) },
      layOut: layOutRun,
      readFeedback: () => succeed([]),
      running: new Map(),
      tell: {
        onEvent() {
          /* nobody looks */
        },
        onOutput() {
          /* nobody looks */
        },
      },
    }),
    close() {
      for (const close of closers.reverse()) close();
    },
  };
}

function openLane(world: World, service: string): Lane {
  const identity = identityIn(service, repository),
    nodes = Array.from({ length: nodesPerLane }, (_, index) => `${service}-n${index}`);
  const artifact = { version: '1.0' },
    { configuration } = newRelease;
  const release: Release = {
    id: world.ports.configurations.releaseId(identity, artifact, configuration.digest),
    service,
    identity,
    artifact,
    configuration,
    createdAt: 1,
  };
  world.history.saveRelease(release);
  const entry = { service: identity, environment: 'production', release: release.id, runId: 'before', at: 1 };
  world.history.record({ ...entry, standing: 'verified' });
  world.history.setNodes(identity, 'production', nodes, release.id, 1);
  for (const node of nodes) world.nodes.set(node, release.id);
  const pipeline = pipelineOf(canaryStage);
  return {
    identity,
    nodes,
    working: release.id,
    trouble: calm,
    pipeline: {
      ...pipeline,
      name: service,
      service,
      environments: { production: { ...pipeline.environments['production']!, nodes } },
    },
  };
}

/** Of the last node of each lane, as its trouble says. */
function failHooks(world: World, lane: Lane): void {
  const failed = {
    kind: 'failed',
    durationMs: 800,
    failure: { kind: 'hook-failed', message: 'The disk of the node is full.' },
  } as const;
  const last = lane.nodes.at(-1)!;
  const first = whenever(new RegExp(`/deploy/deploy/${last}#1$`), () => lane.trouble.hook !== 'works'),
    every = whenever(new RegExp(`/deploy/deploy/${last}#`), () => lane.trouble.hook === 'fails');
  for (const pattern of [first, every]) world.hookOutcomes.set(pattern, failed);
}

/** A pattern that fits only while something holds. */
function whenever(pattern: RegExp, holds: () => boolean): RegExp {
  return Object.assign(new RegExp(pattern.source), {
    test: (text: string) => holds() && new RegExp(pattern.source).test(text),
  });
}

function startVerification(clock: Clock, lanes: readonly Lane[], random: () => number): StartVerification {
  return (task, signal) => {
    const lane = lanes.find(({ nodes }) => nodes.includes(task.settings.canaryNodes[0] ?? ''))!;
    const stop = new AbortController(),
      until = AbortSignal.any([signal, stop.signal]);
    let looks = 0,
      read = 0;
    const look = (): VerificationReport => {
      looks++;
      const isReadable = lane.trouble.network === 'calm' || (lane.trouble.network === 'flaky' && random() < 0.5);
      if (isReadable) read++;
      return {
        outcome: isReadable ? outcomeOf(task, lane, read) : 'inconclusive',
        checks: [],
        startedAtMs: task.settings.canarySinceMs,
        lookedAtMs: clock.now(),
        looks,
      };
    };
    const looking = (async () => {
      await clock.sleep(task.settings.canarySinceMs - clock.now(), until);
      while (!until.aborted) {
        task.onLook({ report: look(), queries: [], over: looks >= looksPerWindow });
        await clock.sleep(lookMs, until);
      }
    })();
    return Promise.resolve(
      succeed({
        lookNow() {
          /* the next look comes by itself */
        },
        stop: () => stop.abort(),
        async finish({ learn, keep }) {
          stop.abort();
          await looking;
          return {
            report: look(),
            ...(learn && { learned: succeed({ quality: { format: 1 as const, deployments: 1, clusters: [] } }) }),
            ...(keep && { kept: succeed(new Uint8Array([1])) }),
          };
        },
      }),
    );
  };
}

/** A bad release shows at the second look that could be read; a good one passes at the third. */
function outcomeOf({ settings: { durationMs } }: VerificationTask, { trouble }: Lane, read: number): Outcome {
  const isStart = durationMs === 0,
    isProof = durationMs === canaryStage.verification.proofMs;
  if (isStart || isProof) return 'pass';
  if (trouble.isBad) return read >= 2 ? 'fail' : 'inconclusive';
  return read >= 3 ? 'pass' : 'inconclusive';
}
