// The kill matrix: plays a story, kills somebody at one exact point, lets something happen meanwhile, resumes, and
// compares what everybody says with the fleet.
import { newRelease, jonas, maria, mortal, oldRelease, type World, createWorld } from '../../unit/run/worldFixture.ts';
import { layOutRun } from '../../../src/plan/layOut.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Ports } from '../../../src/model/ports.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { RunOutcome } from '../../../src/model/runs/runEvents.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { resumeRun, startRun, type BeginningRuns } from '../../../src/run/begin.ts';
import { production, type Story } from './stories.ts';

export const moments = ['after', 'before'] as const;
export const victims = ['owner', 'supervisor', 'both'] as const;
export const meanwhiles = ['nothing', 'another run', 'the file changes', 'nobody comes'] as const;

export interface Point {
  readonly story: Story;
  /** Of the run's journal, from 1. */
  readonly event: number;
  readonly moment: (typeof moments)[number];
  readonly victim: (typeof victims)[number];
  /** Between the death of the owner and the resumption. */
  readonly meanwhile: (typeof meanwhiles)[number];
}

/** What must never be: each is a sentence for a person who looks into it. */
export interface Verdict {
  readonly twice: readonly string[];
  readonly lost: readonly string[];
  readonly halfDeployed: readonly string[];
  readonly ledger: readonly string[];
  readonly wrongEnd: readonly string[];
  readonly hung: readonly string[];
}

/** Where nothing is killed. */
export interface Whole {
  readonly events: number;
  readonly calls: readonly string[];
}

/** All points of a story; every `step`-th of them. */
export function pointsOf(story: Story, { events }: Whole, step = 1): readonly Point[] {
  const points = moments.flatMap(moment =>
    victims.flatMap(victim =>
      meanwhiles
        // A living owner is resumed by nobody, and two that race have another run already.
        .filter(meanwhile => meanwhile === 'nothing' || (victim !== 'supervisor' && !story.races))
        .flatMap(meanwhile =>
          Array.from({ length: events - 1 }, (_, index): Point => ({
            story,
            event: index + 1,
            moment,
            victim,
            meanwhile,
          })),
        ),
    ),
  );
  return points.filter((_, index) => index % step === 0);
}

export function describePoint({ story, event, moment, victim, meanwhile }: Point): string {
  return `${story.name}: ${victim} killed right ${moment} event ${event}, meanwhile ${meanwhile}`;
}

/** Of a story that is not disturbed. */
export async function playWhole(story: Story): Promise<Whole> {
  const stage = openStage(story);
  try {
    const ended = await stage.world.clock.drive(stage.playUndisturbed());
    const problem = ended[0]?.outcome === story.outcome ? undefined : `ends ${ended[0]?.outcome}`;
    if (problem) throw new Error(`${story.name} ${problem} when nobody is killed.`);
    return { events: stage.world.events('run-1').length, calls: [...stage.world.calls].sort() };
  } finally {
    stage.close();
  }
}

export async function playPoint(point: Point, whole: Whole): Promise<Verdict> {
  const stage = openStage(point.story);
  try {
    const over = stage.world.clock.sleep(longestMs).then(() => 'hung' as const);
    const states = await stage.world.clock.drive(Promise.race([stage.play(point), over]));
    return states === 'hung' ? { ...clean, hung: ['it never ends'] } : judge(point, whole, stage.world, states);
  } catch (error) {
    return { ...clean, hung: [error instanceof Error ? error.message : String(error)] };
  } finally {
    stage.close();
  }
}

const longestMs = 6 * 3_600_000;
const clean: Verdict = { twice: [], lost: [], halfDeployed: [], ledger: [], wrongEnd: [], hung: [] };

export interface CrashStage {
  readonly world: World;
  playUndisturbed(): Promise<readonly RunState[]>;
  /** How each run ended, in the order of their numbers. */
  play(point: Point): Promise<readonly RunState[]>;
  close(): void;
}

export function openStage(story: Story): CrashStage {
  const closers: (() => void)[] = [];
  const world = createWorld({
    after: close => closers.push(close as () => void),
    diagnostic: () => {
      /* what breaks on purpose */
    },
  });
  story.prepare(world);
  const closed = new AbortController();
  void approve(world, closed.signal);
  const start = async (ports: Ports, version: string): Promise<RunState> => {
    const begun = await startRun(runsOf(world, ports), { pipeline: story.pipeline, inputs: {}, version, by: maria });
    if (!begun.ok) throw new Error(begun.failure.message);
    return begun.value.done;
  };
  return {
    world,
    async playUndisturbed() {
      const first = start(world.ports, '2.0');
      const second = story.races ? start(world.ports, '3.0') : undefined;
      return Promise.all(second ? [first, second] : [first]);
    },
    play: point => play(world, point, start),
    close() {
      closed.abort();
      for (const close of closers.reverse()) close();
    },
  };
}

/** A person who approves whatever run asks, some seconds later, whoever runs it by then. */
async function approve(world: World, signal: AbortSignal): Promise<void> {
  const answered = new Set<string>();
  for (; !signal.aborted; await world.clock.sleep(7_000, signal))
    for (const { id } of world.history.runs({ limit: 5 }))
      for (const event of world.history.events(id))
        if (event.type === 'asked' && event.question.kind === 'approval' && !answered.has(id)) {
          answered.add(id);
          world.instruct(id, { type: 'approve', by: jonas });
        }
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

async function play(
  world: World,
  { story, event, moment, victim, meanwhile }: Point,
  start: (ports: Ports, version: string) => Promise<RunState>,
): Promise<readonly RunState[]> {
  const withEffect = event % 2 === 0;
  if (victim === 'supervisor') {
    const first = start(losingHooks(world, event, moment, withEffect), '2.0');
    return Promise.all(story.races ? [first, start(world.ports, '3.0')] : [first]);
  }
  const owner = mortal(world.ports, event, moment);
  const first = Promise.race([start(owner.ports, '2.0'), owner.died]).catch(() => undefined);
  const second = story.races ? start(world.ports, '3.0') : undefined;
  const ended = await first;
  if (ended) return second ? [ended, await second] : [ended];
  if (victim === 'both') world.loseHooks(withEffect);
  if (meanwhile === 'another run') {
    world.scripts.clear();
    world.hookOutcomes.clear();
  }
  const other = second ?? (meanwhile === 'another run' ? start(world.ports, '3.0') : undefined);
  const others = other ? [await other] : [];
  const today = meanwhile === 'the file changes' ? changed(story.pipeline) : undefined;
  const unattended = meanwhile === 'nobody comes' ? ({ afterMs: 1_800_000, act: 'rollback' } as const) : undefined;
  const resumed = await resumeRun(runsOf(world, world.ports), 'run-1', today, maria, unattended);
  // Before its first event it is no run: nothing was done for it.
  if (!resumed.ok) return others;
  return [await resumed.value.done, ...others];
}

/** As `mortal`, but it is the hooks that die, and the owner lives to see it. */
function losingHooks(world: World, atEvent: number, moment: Point['moment'], withEffect: boolean): Ports {
  let left = atEvent;
  return {
    ...world.ports,
    history: {
      ...world.ports.history,
      append(...appended) {
        if (moment === 'before' && left === 1) world.loseHooks(withEffect);
        world.ports.history.append(...appended);
        if (moment === 'after' && left === 1) world.loseHooks(withEffect);
        left--;
      },
    },
  };
}

/** Its nodes in another order and one less, its stage renamed, its hooks swapped. */
function changed(pipeline: Pipeline): Pipeline {
  const { hooks, environments } = pipeline;
  return {
    ...pipeline,
    hooks: { ...hooks, deploy: hooks['rollback']!, rollback: hooks['deploy']! },
    environments: { ...environments, production: { ...environments['production']!, nodes: ['p3', 'p2'] } },
    stages: pipeline.stages.map(group => group.map(stage => ({ ...stage, name: `New ${stage.name}` }))),
  };
}

export function judge(point: Point, whole: Whole, world: World, states: readonly RunState[]): Verdict {
  const fleet = production.map(node => world.nodes.get(node)!);
  return {
    hung: [],
    twice: world.calls.filter((call, index) => world.calls.indexOf(call) !== index),
    lost: findLost(point, whole, world, states),
    halfDeployed: findHalfDeployed(states, fleet),
    ledger: findLies(world),
    wrongEnd: findWrongEnd(point, world, states, fleet),
  };
}

function findLost(
  { victim, meanwhile }: Point,
  whole: Whole,
  world: World,
  states: readonly RunState[],
): readonly string[] {
  const open = states.flatMap(({ runId }) => {
    const events = world.events(runId);
    const finished = new Set(events.flatMap(event => (event.type === 'hook-finished' ? [event.key] : [])));
    return events.flatMap(event =>
      event.type === 'hook-intended' && !finished.has(event.call.key) ? [`${event.call.key} has no end`] : [],
    );
  });
  // An owner alone that is resumed does what it would have done, hook by hook; one that died before its first event was
  // no run.
  const isAlone = states.length === 1 && states[0]?.runId === 'run-1';
  const isSame = victim === 'owner' && (meanwhile === 'nothing' || meanwhile === 'the file changes') && isAlone;
  const missing = isSame ? whole.calls.filter(call => !world.calls.includes(call)) : [];
  const added = isSame ? world.calls.filter(call => !whole.calls.includes(call)) : [];
  return [
    ...open,
    ...missing.map(call => `${call} was never called`),
    ...added.map(call => `${call} was not meant to be`),
  ];
}

/** Different releases, or one that nobody wanted, while nobody is told of it. */
function findHalfDeployed(states: readonly RunState[], fleet: readonly string[]): readonly string[] {
  if (new Set(fleet).size === 1) return [];
  const tells = states.some(
    state => (state.outcome === 'failed' || state.outcome === 'held') && state.failure !== undefined,
  );
  return tells
    ? []
    : [`${fleet.map(short).join(' ')}, and the runs say ${states.map(({ outcome }) => outcome).join(', ')}`];
}

function findLies(world: World): readonly string[] {
  const nodes = ['production', 'dev', 'test'].flatMap(environment => world.history.nodes('shop', environment));
  const wrong = nodes
    .filter(({ node, release }) => release !== null && release !== world.nodes.get(node))
    .map(({ node, release }) => `${node} is said to run ${short(release!)}, and runs ${short(world.nodes.get(node)!)}`);
  const newest = new Map(
    ['production', 'dev'].flatMap(environment =>
      world.history
        .ledger('shop', environment)
        .map(entry => [`${environment} ${entry.release}`, entry.standing] as const),
    ),
  );
  const open = [...newest].flatMap(([release, standing]) =>
    standing === 'deploying' ? [`${release} is said to be deploying`] : [],
  );
  return [...wrong, ...open];
}

function findWrongEnd(
  point: Point,
  world: World,
  states: readonly RunState[],
  fleet: readonly string[],
): readonly string[] {
  const [first, second] = [
    states.find(({ runId }) => runId === 'run-1'),
    states.find(({ runId }) => runId === 'run-2'),
  ];
  const wrong: string[] = [];
  for (const { runId, outcome } of states) if (outcome === undefined) wrong.push(`${runId} has not ended`);
  const runsAll = (release: string | undefined): boolean => fleet.every(one => one === release);
  if (second) {
    const third = reduceRun('run-2', world.events('run-2'))?.release.id;
    if (second.outcome !== 'promoted') wrong.push(`the other run ended ${second.outcome}`);
    if (!runsAll(third)) wrong.push(`the fleet runs ${fleet.map(short).join(' ')} and not what the other run brought`);
    const allowed: readonly (RunOutcome | undefined)[] = ['overtaken', 'promoted', 'rolled-back', 'failed'];
    if (first && !allowed.includes(first.outcome)) wrong.push(`it ended ${first.outcome}`);
  } else if (point.meanwhile === 'nobody comes') {
    const isOver = first?.outcome === point.story.outcome;
    if (!isOver && !runsAll(oldRelease.id) && point.story.outcome !== 'failed')
      wrong.push(`it ended ${first?.outcome} and the fleet runs ${fleet.map(short).join(' ')}`);
  } else if (point.victim === 'owner' && first) {
    if (first.outcome !== point.story.outcome) wrong.push(`it ended ${first.outcome}`);
    if (fleet.some((release, index) => release !== point.story.runs[index]))
      wrong.push(`the fleet runs ${fleet.map(short).join(' ')}`);
  } else if (first && !runsAll(oldRelease.id) && !runsAll(newRelease.id) && first.outcome !== 'failed')
    wrong.push(`it ended ${first.outcome} and the fleet runs ${fleet.map(short).join(' ')}`);
  return wrong;
}

function short(release: string): string {
  return release === oldRelease.id ? 'old' : release === newRelease.id ? 'new' : 'other';
}
