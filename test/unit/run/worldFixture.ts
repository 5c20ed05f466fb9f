// A small world for the run phase: a virtual clock, a real store, nodes changed only by hooks, and verifications that
// say what the test wants.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { releaseId } from '../../../src/adapters/files/configurations.ts';
import { openHistory } from '../../../src/adapters/store/history.ts';
import { decide } from '../../../src/decide/decide.ts';
import { judgeStartUp } from '../../../src/decide/startUp.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Pipeline, Unattended } from '../../../src/model/pipeline.ts';
import type { Clock, Ports } from '../../../src/model/ports.ts';
import type { History } from '../../../src/model/history.ts';
import type { Release } from '../../../src/model/release.ts';
import type { HookOutcome, Instruction, Person, RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import type { Check, Outcome, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import type { AnalysisSettings } from '../../../src/model/evidence/analysis.ts';
import { layOutPhase, layOutRun } from '../../../src/plan/layOut.ts';
import { evaluateCondition } from '../../../src/plan/conditions.ts';
import { hookCalls, retryDelayMs } from '../../../src/plan/retry.ts';
import type { NeighbouringPhases } from '../../../src/run/context.ts';
import { launch } from '../../../src/run/launch.ts';
import { runPipeline } from '../../../src/run/runPipeline.ts';
import { createVirtualClock, type SkippingClock } from '../../fakes/virtualClock.ts';
import { mortal } from './processPorts.ts';
import { canaryStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

export const maria: Person = { name: 'maria', via: 'cli' };
export const jonas: Person = { name: 'jonas', via: 'cli' };

/** What a verification says from its n-th look on; the window is over at look `overAt`. */
export interface Script {
  readonly looks: readonly Outcome[];
  readonly overAt: number;
  /** Absent: none. */
  readonly checks?: readonly Check[];
}
export const passes: Script = { looks: ['inconclusive', 'inconclusive', 'pass'], overAt: 3 };
export const failsAtOnce: Script = { looks: ['inconclusive', 'fail'], overAt: 5 };
export const neverKnows: Script = { looks: ['inconclusive'], overAt: 3 };

export interface World {
  readonly clock: SkippingClock;
  readonly history: History;
  readonly ports: Ports;
  /** release id that each node runs, as the hooks left it. */
  readonly nodes: Map<string, string>;
  /** Keys of the hook calls that were really started, in order. */
  readonly started: string[];
  /** The same as `run/key`. */
  readonly calls: string[];
  /** The supervisors of all hooks under way die: nobody hears how these ended, and whether they did anything. */
  loseHooks(afterTheirEffect: boolean): void;
  /** What became of hooks that have ended is not known any more either. */
  loseOutcomes(): void;
  readonly phases: (clock: Clock) => NeighbouringPhases;
  /** The same as `run/key from-to`, once they have ended, in order of their end. */
  readonly ended: { readonly runId: string; readonly key: string; readonly fromMs: number; readonly toMs: number }[];
  readonly markers: string[];
  /** Outcome of a hook call, by its key; succeeds when absent. A number: so many ms until it succeeds. */
  readonly hookOutcomes: Map<string | RegExp, HookOutcome | 'hang' | number>;
  readonly scripts: Map<string, Script>;
  /** What each verification was told, in order; those that look on between phases apart. */
  readonly told: AnalysisSettings[];
  readonly guards: AnalysisSettings[];
  readonly startUps: AnalysisSettings[];
  readonly storePath: string;
  /** What was noted of runs that have ended. */
  forget(): void;
  run(options?: {
    readonly runId?: string;
    readonly pipeline?: Pipeline;
    readonly release?: Release;
    readonly approve?: boolean;
    readonly resumed?: boolean;
    /** Its guardian resumes it. */ readonly unattended?: Unattended;
    /** The process dies after this many events. */ readonly crashAfter?: number;
    /** What another process would be handed. */ readonly ports?: Ports;
  }): Promise<RunState>;
  instruct(
    runId: string,
    instruction: {
      readonly type: Exclude<Instruction['type'], 'feedback'>;
      readonly by: Person;
      readonly comment?: string;
    },
  ): void;
  /** Calls back at the first event that fits, in the run. */
  when(fits: (event: RunEvent) => boolean, act: (runId: string, event: RunEvent) => void): void;
  events(runId?: string): readonly RunEvent[];
}

const unknownOutcome: HookOutcome = {
  kind: 'failed',
  durationMs: 1,
  failure: { kind: 'hook-failed', message: 'How the hook ended is not known.' },
};

export function createWorld(context: Pick<TestContext, 'after' | 'diagnostic'>): World {
  const clock = createVirtualClock();
  const storePath = `${memoryFolder(context)}/history.db`;
  // No other process is waited for: what a run does about a busy store is its own business.
  const opened = openHistory(storePath, clock.now, { steady: clock.monotonicMs, patienceMs: 0 });
  if (!opened.ok) throw new Error(opened.failure.message);
  const history = opened.value;
  context.after(() => history.close());
  const nodes = new Map<string, string>();
  const ended: World['ended'] = [];
  const started: string[] = [],
    calls: string[] = [],
    markers: string[] = [];
  /** Started hooks go on by themselves, like supervised processes, whoever started them. */
  const underWay = new Map<string, Promise<HookOutcome>>(),
    goesOn = new Set<string>(),
    stops = new Map<string, AbortController>();
  const losing = new Map<string, (afterItsEffect: boolean) => void>();
  const hookOutcomes: World['hookOutcomes'] = new Map();
  const scripts: World['scripts'] = new Map();
  const told: AnalysisSettings[] = [],
    guards: AnalysisSettings[] = [],
    startUps: AnalysisSettings[] = [];
  const watchers: { fits: (event: RunEvent) => boolean; act: (runId: string, event: RunEvent) => void }[] = [];
  let runs = 0;

  history.saveRelease(oldRelease);
  for (const environment of ['production', 'dev', 'test'])
    history.record({
      service: 'shop',
      environment,
      release: oldRelease.id,
      standing: 'verified',
      runId: 'before',
      at: 1,
    });
  history.setNodes('shop', 'production', pipelineOf().environments['production']!.nodes, oldRelease.id, 1);
  for (const node of [...pipelineOf().environments['production']!.nodes, 'd1', 't1']) nodes.set(node, oldRelease.id);

  const ports: Ports = {
    clock,
    history,
    ids: { nextRunId: () => `run-${++runs}` },
    log: {
      debug() {
        /* nothing to say */
      },
      warn(message) {
        context.diagnostic(message);
      },
    },
    markers: {
      check: () => Promise.resolve(succeed(undefined)),
      place: marker => {
        markers.push(`${marker.purpose} ${marker.version}`);
        return Promise.resolve(succeed({ id: '1' }));
      },
    },
    artifacts: { list: () => Promise.resolve(succeed([])) },
    repository: () => ({ name: 'git.example/shop', folder: '/work/shop' }),
    feedback: { read: () => succeed(undefined), replace: () => succeed(undefined) },
    analysis: { open: () => Promise.resolve(fail('no-data', 'not used')), close: () => Promise.resolve() },
    nodeLists: { list: () => Promise.resolve(fail('not-found', 'not used')) },
    sourceChecks: { check: () => Promise.resolve([]) },
    healthSources: { read: () => Promise.resolve(succeed({ queries: [] })), describe: () => [] },
    configurations: {
      capture: () => succeed(newRelease.configuration),
      materialise: configuration => succeed(`/config/${configuration.digest}`),
      read: () => fail('not-found', 'not used'),
      releaseId,
    },
    hooks: {
      isUnderWay: hook => goesOn.has(`${hook.runId}/${hook.call.key}`),
      run({ runId, call, variables, onOutput, mayAct }, signal) {
        const key = `${runId}/${call.key}`;
        const stop = stops.get(key) ?? new AbortController();
        stops.set(key, stop);
        // Only whoever may act can stop it.
        const end = (): void => {
          if (mayAct()) stop.abort();
        };
        const attached = underWay.get(key);
        if (attached && signal.aborted) end();
        signal.addEventListener('abort', end);
        if (attached) return attached;
        const work = async (): Promise<HookOutcome> => {
          started.push(call.key);
          calls.push(key);
          const wanted = [...hookOutcomes].find(([pattern]) =>
            typeof pattern === 'string' ? pattern === call.key : pattern.test(call.key),
          )?.[1];
          const fromMs = clock.now();
          const takesMs = wanted === 'hang' ? 1e9 : typeof wanted === 'number' ? wanted : 800;
          await clock.sleep(takesMs, stop.signal);
          ended.push({ runId, key: call.key, fromMs, toMs: clock.now() });
          if (stop.signal.aborted)
            return { kind: 'failed', durationMs: 1, failure: { kind: 'cancelled', message: 'stopped' } };
          onOutput('out', `${call.hook} ${variables['BACKSTOP_NODES']}`);
          if (typeof wanted === 'object') return wanted;
          if (call.purpose !== 'check') {
            for (const node of call.nodes) nodes.set(node, call.release);
          }
          const wrong = call.nodes.filter(node => nodes.get(node) !== call.release);
          return wrong.length === 0
            ? { kind: 'succeeded', durationMs: 800 }
            : {
                kind: 'failed',
                durationMs: 800,
                failure: { kind: 'hook-failed', message: `${wrong.join(', ')} runs something else.` },
              };
        };
        goesOn.add(key);
        const lost = Promise.withResolvers<HookOutcome>();
        losing.set(key, afterItsEffect => {
          if (afterItsEffect && call.purpose !== 'check') for (const node of call.nodes) nodes.set(node, call.release);
          stop.abort();
          lost.resolve(unknownOutcome);
        });
        const running = Promise.race([lost.promise, work()]).finally(() => goesOn.delete(key));
        underWay.set(key, running);
        return running;
      },
    },
  };

  const isBeside = (name: string): boolean => name.startsWith('guard') || name.startsWith('start-up');
  const listOf = (name: string): AnalysisSettings[] =>
    name.startsWith('guard') ? guards : name.startsWith('start-up') ? startUps : told;
  const phasesOf = (clock: Clock): NeighbouringPhases => ({
    retryDelayMs,
    hookCalls,
    layOutPhase,
    evaluateCondition,
    decide,
    judgeStartUp,
    checkInputs: () => succeed({}),
    readFeedback: () => succeed([]),
    async startVerification(task, signal) {
      const stop = new AbortController();
      const until = AbortSignal.any([signal, stop.signal]);
      const name = nameOf(task.settings);
      const script = scripts.get(name) ?? (isBeside(name) ? neverKnows : passes);
      listOf(name).push(task.settings);
      let looks = 0;
      const look = (): VerificationReport => {
        const outcome = script.looks[Math.min(looks, script.looks.length - 1)]!;
        return {
          outcome,
          checks: script.checks ?? [],
          startedAtMs: task.settings.canarySinceMs,
          lookedAtMs: clock.now(),
          looks: ++looks,
        };
      };
      const loop = (async () => {
        await clock.sleep(task.settings.canarySinceMs - clock.now(), until);
        while (!until.aborted) {
          const report = look();
          task.onLook({ report, queries: [], over: looks >= script.overAt });
          await clock.sleep(1_000, until);
        }
      })();
      return succeed({
        lookNow() {
          /* the next look comes by itself */
        },
        stop: () => stop.abort(),
        async finish({ learn, keep }) {
          stop.abort();
          await loop;
          return {
            report: look(),
            ...(learn && { learned: succeed({ quality: { format: 1 as const, deployments: 1, clusters: [] } }) }),
            ...(keep && { kept: succeed(new Uint8Array([task.settings.canaryNodes.length])) }),
          };
        },
      });
    },
  });

  return {
    clock,
    history,
    ports,
    nodes,
    started,
    calls,
    loseHooks(afterTheirEffect) {
      for (const key of [...goesOn]) losing.get(key)?.(afterTheirEffect);
    },
    loseOutcomes() {
      for (const [key, outcome] of underWay)
        if (!goesOn.has(key))
          underWay.set(
            key,
            outcome.then(() => unknownOutcome),
          );
    },
    phases: phasesOf,
    ended,
    markers,
    hookOutcomes,
    scripts,
    told,
    guards,
    startUps,
    storePath,
    forget() {
      for (const list of [started, calls, ended, markers, told, guards, startUps]) list.length = 0;
      for (const known of [underWay, losing, stops]) known.clear();
    },
    async run({
      runId = ports.ids.nextRunId(),
      pipeline = pipelineOf(canaryStage),
      release: wanted = newRelease,
      approve = false,
      unattended,
      resumed = unattended !== undefined,
      crashAfter = Infinity,
      ports: own = ports,
    } = {}) {
      const plan = layOutRun(pipeline);
      const process = mortal(own, crashAfter);
      if (!resumed) {
        history.createRun({
          id: runId,
          pipeline: pipeline.name,
          service: 'shop',
          by: maria,
          version: wanted.artifact.version,
          inputs: {},
          startedAtMs: clock.now(),
        });
        history.saveRelease(wanted);
      }
      const launched = launch(
        {
          runId,
          pipeline,
          plan,
          by: maria,
          approve,
          inputs: {},
          ...(unattended && { unattended }),
          ...(!resumed && {
            started: {
              type: 'run-started' as const,
              pipeline: 'shop',
              file: 'shop.yaml',
              service: 'shop',
              by: maria,
              artifact: wanted.artifact,
              inputs: {},
              release: wanted,
              stages: plan.groups.map(group => group.map(({ stage }) => stage.name)),
            },
          }),
        },
        process.ports,
        phasesOf(process.ports.clock),
        {
          onEvent(id, event) {
            for (const watcher of [...watchers])
              if (watcher.fits(event)) {
                watchers.splice(watchers.indexOf(watcher), 1);
                watcher.act(id, event);
              }
          },
          onOutput() {
            /* hooks' output is the adapter's business */
          },
        },
        runContext => runPipeline(runContext),
      );
      if (!launched.ok) throw new Error(launched.failure.message);
      return clock.drive(Promise.race([launched.value.done, process.died]));
    },
    instruct: (runId, { type, by, comment }) =>
      history.instruct(runId, { type, by, at: clock.now(), ...(comment !== undefined && { comment }) }),
    when: (fits, act) => {
      watchers.push({ fits, act });
    },
    events: (runId = 'run-1') => history.events(runId),
  };
}

/** Thousands of events are journalled: where the machine has a file system in memory, they need not wait for a disk. */
function memoryFolder(context: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : tmpdir()}/backstop-run-`);
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Names a verification by its size, since that is all that a phase tells it: `2+8` is the first phase, `10+0` the last,
 * `proof` a short one, `guard 2+0` one that is not extended, `start-up 2+8` one without a time of its own.
 */
function nameOf({ canaryNodes, baselineNodes, durationMs, extendToMs }: AnalysisSettings): string {
  const size = `${canaryNodes.length}+${baselineNodes.length}`;
  if (durationMs === 5_000) return 'proof';
  if (durationMs === 0) return `start-up ${size}`;
  return extendToMs === undefined && durationMs === 10_000 ? `guard ${size}` : size;
}
