// The stage on which a story is played: a world of its own, a person who approves, and the way a run is started and
// resumed in it.
import { createWorld, jonas, maria, type World } from '../../unit/run/worldFixture.ts';
import { openHistory } from '../../../src/adapters/store/history.ts';
import { layOutRun } from '../../../src/plan/layOut.ts';
import type { Pipeline, Unattended } from '../../../src/model/pipeline.ts';
import type { Ports } from '../../../src/model/ports.ts';
import { StoreError, succeed } from '../../../src/model/failure.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { resumeRun, startRun, type BeginningRuns } from '../../../src/run/begin.ts';
import { patiently } from '../../../src/run/ownership/patience.ts';
import { watchDisk } from './disk.ts';
import { clean, judge, type Happening, type Verdict, type Whole } from './judge.ts';
import type { Story } from './stories.ts';

export interface CrashStage {
  readonly story: Story;
  /** After `reopen`: the same fleet with the other store. */
  readonly world: World;
  /** The first run, and the second where two race; none of a run that the store did not let begin. */
  playAll(ports?: Ports): Promise<readonly RunState[]>;
  start(ports: Ports, version: string): Promise<RunState>;
  /** Undefined if there is no such run: nothing was done for it. */
  resume(runId: string, today?: Pipeline, unattended?: Unattended): Promise<RunState | undefined>;
  /** Everybody goes on with the store of another file. */
  reopen(storePath: string): void;
  close(): void;
}

export function openStage(story: Story): CrashStage {
  const closers: (() => void)[] = [];
  let world = createWorld({
    after: close => closers.push(close as () => void),
    diagnostic: () => {
      /* what breaks on purpose */
    },
  });
  story.prepare(world);
  const closed = new AbortController();
  void approve(() => world, closed.signal);
  const start = async (ports: Ports, version: string): Promise<RunState> => {
    const begun = await startRun(runsOf(world, ports), { pipeline: story.pipeline, inputs: {}, version, by: maria });
    if (!begun.ok) throw new Error(begun.failure.message);
    return begun.value.done;
  };
  return {
    story,
    get world() {
      return world;
    },
    async playAll(ports = world.ports) {
      const first = start(ports, '2.0');
      const all = await Promise.allSettled(story.races ? [first, start(world.ports, '3.0')] : [first]);
      return all.flatMap(one => {
        if (one.status === 'fulfilled') return [one.value];
        if (one.reason instanceof StoreError) return [];
        throw one.reason;
      });
    },
    start,
    async resume(runId, today, unattended) {
      const resumed = await resumeRun(runsOf(world, world.ports), runId, today, maria, unattended);
      return resumed.ok ? resumed.value.done : undefined;
    },
    reopen(storePath) {
      const { clock } = world;
      const opened = openHistory(storePath, clock.now, { steady: clock.monotonicMs, patienceMs: 0 });
      if (!opened.ok) throw new Error(opened.failure.message);
      const history = opened.value;
      closers.push(() => history.close());
      world = {
        ...world,
        history,
        ports: { ...world.ports, history },
        events: (runId = 'run-1') => history.events(runId),
        instruct: (runId, { type, by }) => history.instruct(runId, { type, by, at: clock.now() }),
      };
    },
    close() {
      closed.abort();
      for (const close of closers.reverse()) close();
    },
  };
}

/** A person who approves whatever run asks, some seconds later, whoever runs it by then. */
async function approve(world: () => World, signal: AbortSignal): Promise<void> {
  const answered = new Set<string>();
  const answer = (): void => {
    const { history, instruct } = world();
    for (const { id } of history.runs({ limit: 5 }))
      for (const event of history.events(id))
        if (event.type === 'asked' && event.question.kind === 'approval' && !answered.has(id)) {
          instruct(id, { type: 'approve', by: jonas });
          answered.add(id);
        }
  };
  const { clock } = world();
  for (; !signal.aborted; await clock.sleep(7_000, signal))
    // The store may be locked, or its disk be full, for longer than anybody waits.
    await patiently(clock, answer).catch(() => undefined);
}

/** What went wrong in the story does not go wrong for the next run. */
export function forgetFaults({ scripts, hookOutcomes }: World): void {
  scripts.clear();
  hookOutcomes.clear();
}

function runsOf(world: World, ports: Ports): BeginningRuns {
  return {
    ports,
    phases: world.phases(ports.clock),
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
  };
}

/** Of a story in which nothing happens. */
export async function playWhole(story: Story): Promise<Whole> {
  const stage = openStage(story);
  const disk = watchDisk();
  try {
    const ended = await stage.world.clock.drive(stage.playAll());
    if (ended[0]?.outcome !== story.outcome)
      throw new Error(`${story.name} ends ${ended[0]?.outcome} when nothing happens.`);
    return { events: stage.world.events('run-1').length, writes: disk.writes(), calls: [...stage.world.calls].sort() };
  } finally {
    disk.close();
    stage.close();
  }
}

const longestMs = 6 * 3_600_000;

export async function playAndJudge(
  happening: Happening,
  whole: Whole,
  play: (stage: CrashStage) => Promise<readonly RunState[]>,
): Promise<Verdict> {
  const stage = openStage(happening.story);
  const { clock } = stage.world;
  try {
    const over = clock.sleep(longestMs).then(() => 'hung' as const);
    const states = await clock.drive(Promise.race([play(stage), over]));
    return states === 'hung' ? { ...clean, hung: ['it never ends'] } : judge(happening, whole, stage.world, states);
  } catch (error) {
    return { ...clean, hung: [error instanceof Error ? error.message : String(error)] };
  } finally {
    stage.close();
  }
}
