// Compares what runs, journals and ledger say at the end of a story with what the fleet really runs.
import { type World } from '../../unit/run/worldFixture.ts';
import { newRelease, oldRelease } from '../../unit/run/worldPipeline.ts';
import type { RunOutcome } from '../../../src/model/runs/runEvents.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { production, type Story } from './stories.ts';

/** What must never be: each is a sentence for a person who looks into it. */
export interface Verdict {
  readonly twice: readonly string[];
  readonly lost: readonly string[];
  readonly halfDeployed: readonly string[];
  readonly ledger: readonly string[];
  readonly wrongEnd: readonly string[];
  readonly hung: readonly string[];
}

/** Nothing is wrong. */
export const clean: Verdict = { twice: [], lost: [], halfDeployed: [], ledger: [], wrongEnd: [], hung: [] };

/** Where nothing happens. */
export interface Whole {
  readonly events: number;
  /** Transactions of the store. */
  readonly writes: number;
  readonly calls: readonly string[];
}

/** What happened in the story, as far as it decides what may have become of it. */
export interface Happening {
  readonly story: Story;
  readonly victim: 'owner' | 'supervisor' | 'both';
  /** Between the death of the owner and the resumption. */
  readonly meanwhile: 'nothing' | 'another run' | 'the file changes' | 'nobody comes';
}

export function judge(point: Happening, whole: Whole, world: World, states: readonly RunState[]): Verdict {
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
  { story, victim, meanwhile }: Happening,
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
  const isAlone = states.length === 1 && states[0]?.runId === 'run-1' && !story.races;
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
  point: Happening,
  world: World,
  states: readonly RunState[],
  fleet: readonly string[],
): readonly string[] {
  const [first, second] = inOrder(world, states);
  const wrong: string[] = [];
  for (const { runId, outcome } of states) if (outcome === undefined) wrong.push(`${runId} has not ended`);
  const runsAll = (release: string | undefined): boolean => fleet.every(one => one === release);
  if (second) {
    const third = reduceRun(second.runId, world.events(second.runId))?.release.id;
    if (second.outcome !== 'promoted') wrong.push(`the other run ended ${second.outcome}`);
    if (!runsAll(third)) wrong.push(`the fleet runs ${fleet.map(short).join(' ')} and not what the other run brought`);
    const allowed: readonly (RunOutcome | undefined)[] = ['overtaken', 'promoted', 'rolled-back', 'failed'];
    if (first && !allowed.includes(first.outcome)) wrong.push(`it ended ${first.outcome}`);
  } else if (point.meanwhile === 'nobody comes') {
    const isOver = first?.outcome === point.story.outcome;
    if (!isOver && !runsAll(oldRelease.id) && point.story.outcome !== 'failed')
      wrong.push(`it ended ${first?.outcome} and the fleet runs ${fleet.map(short).join(' ')}`);
  } else if (point.story.races && first) {
    // The other one never began.
    if (!runsAll(first.release.id)) wrong.push(`the fleet runs ${fleet.map(short).join(' ')}`);
  } else if (point.victim === 'owner' && first) {
    if (first.outcome !== point.story.outcome) wrong.push(`it ended ${first.outcome}`);
    if (fleet.some((release, index) => release !== point.story.runs[index]))
      wrong.push(`the fleet runs ${fleet.map(short).join(' ')}`);
  } else if (first && !runsAll(oldRelease.id) && !runsAll(newRelease.id) && first.outcome !== 'failed')
    wrong.push(`it ended ${first.outcome} and the fleet runs ${fleet.map(short).join(' ')}`);
  return wrong;
}

/** Of two that were both promoted, the one that was let in later is the second, whichever was started first. */
function inOrder(world: World, states: readonly RunState[]): readonly (RunState | undefined)[] {
  const runs = ['run-1', 'run-2'].map(id => states.find(({ runId }) => runId === id));
  const ledger = world.history.ledger('shop', 'production');
  const beganAt = runs.map(run => ledger.findIndex(entry => entry.runId === run?.runId));
  const isSwapped = runs.every(run => run?.outcome === 'promoted') && beganAt[0]! > beganAt[1]!;
  return isSwapped ? runs.reverse() : runs;
}

function short(release: string): string {
  return release === oldRelease.id ? 'old' : release === newRelease.id ? 'new' : 'other';
}
