// A fake engine that plays a story, and streams that keep what was written: the terminal without a world.
import { Readable, Writable } from 'node:stream';
import type { Engine, RunHandle, RunObserver } from '../../../src/model/runs/engine.ts';
import { composeStarter } from '../../../src/compose.ts';
import { diagnose } from '../../../src/adapters/diagnosis.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Build, Clock } from '../../../src/model/ports.ts';
import type { History, RunSummary } from '../../../src/model/history.ts';
import type { Problem } from '../../../src/model/problem.ts';
import type { LedgerEntry, Release } from '../../../src/model/release.ts';
import type { Instruction, RunEvent } from '../../../src/model/runs/runEvents.ts';
import { applyEvent, reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import type { SourceCheck } from '../../../src/model/evidence/sourceCheck.ts';
import type { TerminalDependencies, TerminalEngine } from '../../../src/terminal/dependencies.ts';
import { runTerminal } from '../../../src/terminal/screen/terminal.ts';
import { newRelease, oldRelease, startMs } from './stories.ts';

export class FakeStream extends Writable {
  text = '';
  isTTY: boolean;
  columns: number;
  rows: number;
  onWrite: (() => void) | undefined;

  constructor({ tty = false, columns = 100, rows = 40 } = {}) {
    super({ decodeStrings: false });
    [this.isTTY, this.columns, this.rows] = [tty, columns, rows];
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    this.onWrite?.();
    done();
  }
}

/** Time moves only when somebody sleeps, or a story is played. */
export class FakeClock implements Clock {
  nowMs = startMs;

  now(): number {
    return this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    this.nowMs += durationMs;
    await new Promise(resolve => setImmediate(resolve));
  }
}

export interface FakeRun {
  readonly id: string;
  readonly number: number;
  readonly events: readonly RunEvent[];
}

export interface FakeWorld {
  readonly checks?: readonly SourceCheck[];
  readonly runs?: readonly FakeRun[];
  readonly releases?: readonly Release[];
  readonly ledger?: readonly LedgerEntry[];
  readonly nodes?: ReturnType<History['nodes']>;
  readonly pipeline?: Pipeline;
  readonly builds?: readonly Build[];
  readonly problems?: readonly Problem[];
  /** Played when a run is started. */
  readonly story?: readonly RunEvent[];
  /** Called before each event of the story, with the observers. */
  readonly between?: (event: RunEvent, observers: ReadonlySet<RunObserver>, runId: string) => void | Promise<void>;
  readonly over?: Partial<Engine>;
  /** The processes of the runs have ended. */
  readonly dead?: boolean;
  readonly guarded?: ReturnType<History['guard']>;
}

export function createFakeEngine(
  world: FakeWorld,
  clock: FakeClock,
): {
  engine: TerminalEngine;
  instructions: { runId: string; instruction: Instruction }[];
  asked: unknown[];
  closed: () => boolean;
} {
  const observers = new Set<RunObserver>();
  const instructions: { runId: string; instruction: Instruction }[] = [];
  const asked: unknown[] = [];
  const runs = new Map((world.runs ?? []).map(run => [run.id, { number: run.number, events: [...run.events] }]));
  let closed = false;
  const summary = (id: string, number: number, events: readonly RunEvent[]): RunSummary => {
    const state = reduceRun(id, events) as RunState;
    return {
      id,
      number,
      pipeline: state.pipeline,
      service: state.service,
      by: state.by,
      version: state.artifact.version,
      inputs: state.inputs,
      startedAtMs: state.startedAtMs,
      ...(state.outcome && { outcome: state.outcome }),
      ...(state.finishedAtMs !== undefined && { finishedAtMs: state.finishedAtMs }),
    };
  };
  const summaries = (): RunSummary[] =>
    [...runs]
      .map(([id, { number, events }]) => summary(id, number, events))
      .sort((left, right) => right.number - left.number);
  const history = {
    events: (runId: string, after = -1) => (runs.get(runId)?.events ?? []).filter(event => event.seq > after),
    runs: ({ limit }: { limit: number }) => summaries().slice(0, limit),
    findRun: (given: string) => summaries().find(({ id, number }) => id === given || String(number) === given),
    releases: () => world.releases ?? [],
    release: (id: string) => [...(world.releases ?? []), oldRelease, newRelease].find(release => release.id === id),
    report: () => undefined,
    pins: () => [],
    isRunning: () => world.dead !== true,
    guard: () => world.guarded,
    ledger: () => world.ledger ?? [],
    nodes: () => world.nodes ?? [],
  } as unknown as History;
  const play = (request: unknown, runId = 'run-128'): Promise<{ ok: true; value: RunHandle }> => {
    asked.push(request);
    const { number, events } = runs.get(runId) ?? { number: 128, events: [] };
    runs.set(runId, { number, events });
    const done = (async () => {
      let state = reduceRun(runId, events);
      for (const event of world.story?.slice(events.length) ?? []) {
        await world.between?.(event, observers, runId);
        clock.nowMs = event.at;
        events.push(event);
        state = applyEvent(runId, state, event);
        if (state) for (const observer of observers) observer.onEvent?.(runId, event, state);
      }
      return state as RunState;
    })();
    return Promise.resolve(succeed({ runId, number, done, lost: () => undefined }) as { ok: true; value: RunHandle });
  };
  const engine: TerminalEngine = {
    parse: (_text, file) => ({
      ...(world.problems?.some(({ severity }) => severity === 'error')
        ? {}
        : { pipeline: { ...(world.pipeline ?? storefront), file } }),
      problems: world.problems ?? [],
    }),
    identify: pipeline => pipeline,
    takeOver: () => Promise.resolve(fail('not-found', 'No other repository deploys its nodes.')),
    layOut: () => ({ groups: [] }),
    checkSources: () => Promise.resolve(world.checks ?? []),
    comparisons: () => Promise.resolve([]),
    dryRun: () => Promise.resolve(fail('invalid', 'not in this test')),
    start: request => play(request),
    resume: (runId, pipeline, by) => play({ runId, pipeline: pipeline?.name, by }, runId),
    rollBack: request => play(request),
    adopt: request => {
      asked.push(request);
      return Promise.resolve(succeed(oldRelease));
    },
    instruct(runId, instruction) {
      instructions.push({ runId, instruction });
      return Promise.resolve(succeed(undefined));
    },
    feedback: () => succeed([]),
    mark: () => Promise.resolve(fail('refused', 'not in this test')),
    unmark: () => Promise.resolve(fail('refused', 'not in this test')),
    reconsider: () => 'inconclusive',
    pin: () => Promise.resolve(fail('refused', 'not in this test')),
    unpin: () => Promise.resolve(fail('refused', 'not in this test')),
    watch(observer) {
      observers.add(observer);
      return () => {
        observers.delete(observer);
      };
    },
    compareLogs: () => Promise.resolve(fail('invalid', 'not in this test')),
    groupLines: () => Promise.resolve(fail('invalid', 'not in this test')),
    history,
    inspection: { builds: (_, limit) => Promise.resolve(succeed((world.builds ?? []).slice(0, limit))) },
    close: () => {
      closed = true;
      return Promise.resolve();
    },
    ...world.over,
  };
  return { engine, instructions, asked, closed: () => closed };
}

export const storefront = {
  name: 'storefront',
  file: '.backstop/pipelines/storefront.yaml',
  service: 'storefront',
  inputs: [{ name: 'ticket', type: 'string', required: false }],
  environments: {
    staging: { name: 'staging', nodes: ['staging-01'], whenBusy: 'queue' },
    production: { name: 'production', nodes: [], whenBusy: 'refuse' },
  },
  stages: [[{ name: 'Dev' }, { name: 'Test' }], [{ name: 'Production' }]],
} as unknown as Pipeline;

export interface Session {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly stdout: FakeStream;
  readonly instructions: { runId: string; instruction: Instruction }[];
  readonly asked: unknown[];
  readonly closed: boolean;
  readonly engineOpened: boolean;
}

export interface SessionOptions extends FakeWorld {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdout?: FakeStream;
  readonly input?: string;
  readonly inputIsTerminal?: boolean;
  readonly files?: TerminalDependencies['files'];
  readonly logAnalysis?: TerminalDependencies['logAnalysis'];
  readonly store?: TerminalDependencies['store'];
  readonly guard?: TerminalDependencies['guard'];
  /** Gets what presses Ctrl-C, and what ends the process. */
  readonly hands?: (hands: { interrupt: () => void; terminate: () => void; exit: () => void }) => void;
}

/** One call of `backstop`. */
export async function backstop(words: readonly string[], options: SessionOptions = {}): Promise<Session> {
  const clock = new FakeClock();
  const { engine, instructions, asked, closed } = createFakeEngine(options, clock);
  const stdout = options.stdout ?? new FakeStream();
  const stderr = new FakeStream();
  const interrupts = new Set<() => void>(),
    exits = new Set<() => void>(),
    terminations = new Set<(status: number) => void>();
  const listen = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  options.hands?.({
    interrupt: () => {
      for (const one of [...interrupts]) one();
    },
    terminate: () => {
      for (const one of [...terminations]) one(143);
    },
    exit: () => {
      for (const one of [...exits]) one();
    },
  });
  let engineOpened = false;
  const status = await runTerminal(words, {
    engine: () => {
      engineOpened = true;
      return Promise.resolve(succeed(engine));
    },
    logAnalysis: options.logAnalysis ?? (() => Promise.resolve(fail('invalid', 'not in this test'))),
    starter: () => Promise.resolve(composeStarter(options.env ?? {})),
    store: options.store ?? (() => Promise.resolve(fail('store', 'There is no store in this test.'))),
    guard: options.guard ?? (() => Promise.resolve(fail('store', 'There is no store in this test.'))),
    diagnose: async (tools, damage) => ({
      ...(await diagnose(tools, options.env ?? {}, { sleep: () => Promise.resolve() }, damage)),
      eventLoop: { measuredMs: 1_000, meanMs: 0.4, p99Ms: 2, maxMs: 3 },
    }),
    panelScript: () => succeed('console.log("panel")'),
    files: options.files ?? {
      openLogBytes: () => Promise.resolve(fail('invalid', 'There is no file.')),
      openLogFile: () => Promise.resolve(fail('invalid', 'There is no file.')),
    },
    stdout: stdout as unknown as TerminalDependencies['stdout'],
    stderr: stderr as unknown as TerminalDependencies['stderr'],
    stdin: Object.assign(Readable.from(options.input === undefined ? [] : [options.input]), {
      isTTY: options.inputIsTerminal === true,
    }),
    env: { BACKSTOP_USER: 'maria', LANG: 'C.UTF-8', ...options.env },
    cwd: options.cwd ?? '/nowhere',
    clock,
    version: '9.9.9',
    onInterrupt: listen(interrupts),
    onTerminate(listener) {
      terminations.add(listener);
      return () => {
        terminations.delete(listener);
      };
    },
    onExit: listen(exits),
  });
  return { status, out: stdout.text, err: stderr.text, stdout, instructions, asked, closed: closed(), engineOpened };
}
