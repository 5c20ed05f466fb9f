// `npm run bench -- storm`: several services deploy at once while sources cannot be read, hooks fail and owners are
// killed. What comes of each run is asked of `show --json` and of the nodes alone. `--runs N`, by default 200.
import { createRandom } from '../../../src/demo/fleet/random.ts';
import { resumeRun, startRollback, startRun } from '../../../src/run/begin.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { backstop } from '../../unit/terminal/fakes.ts';
import { mortal } from '../../unit/run/processPorts.ts';
import { maria } from '../../unit/run/worldFixture.ts';
import type { BenchOptions, BenchResult } from '../bench.ts';
import { openLanes, type Lane, type Lanes, type Trouble } from './lanes.ts';

const usualRuns = 200,
  services = 4,
  mostKills = 2,
  latestKill = 90,
  longestMs = 6 * 3_600_000;

const sorts = ['wrong promotions', 'wrong rollbacks', 'show against fleet', 'hung'] as const;
type Found = Record<(typeof sorts)[number], number>;
type Outcomes = Record<string, number>;

export async function run(
  _folder: string | undefined,
  { runs = usualRuns, seed = 1 }: BenchOptions,
): Promise<BenchResult> {
  const random = createRandom(seed, 'storm').next;
  const stage = openLanes(services, random);
  const found: Found = { 'wrong promotions': 0, 'wrong rollbacks': 0, 'show against fleet': 0, hung: 0 };
  const outcomes: Outcomes = {};
  let left = runs,
    kills = 0;
  const workOn = async (lane: Lane): Promise<void> => {
    while (left > 0) {
      const number = left--;
      lane.trouble = draw(random);
      const killed = await play(stage, lane, `2.${number}`, random);
      kills += killed ?? 0;
      const said = killed === undefined ? undefined : await judge(stage, lane, found, outcomes);
      if (killed === undefined) found.hung++;
      if (said !== 'promoted' && said !== 'rolled-back') await bringBack(stage, lane, found);
    }
  };
  try {
    await stage.world.clock.drive(Promise.all(stage.lanes.map(workOn)));
  } finally {
    stage.close();
  }
  return {
    name: 'storm',
    figures: { runs, 'owners killed': kills, ...found, ...outcomes },
    targets: Object.fromEntries(sorts.map(sort => [sort, { op: '<=' as const, value: 0 }])),
  };
}

function draw(random: () => number): Trouble {
  const chance = random();
  return {
    isBad: random() < 0.4,
    network: random() < 0.4 ? 'calm' : random() < 0.6 ? 'flaky' : 'down',
    hook: chance < 0.6 ? 'works' : chance < 0.8 ? 'fails once' : 'fails',
  };
}

/** How many owners were killed; undefined if it never ended. */
async function play(stage: Lanes, lane: Lane, version: string, random: () => number): Promise<number | undefined> {
  const { world, runs } = stage;
  const over = world.clock.sleep(longestMs).then(() => 'hung' as const);
  let killed = 0,
    state: RunState | 'hung' | undefined;
  for (let isFirst = true; !state; isFirst = false) {
    const isMortal = killed < mostKills && random() < 0.5;
    const owner = isMortal ? mortal(world.ports, 1 + Math.floor(random() * latestKill)) : undefined;
    const asked = runs(owner?.ports ?? world.ports);
    const begun = isFirst
      ? startRun(asked, { pipeline: lane.pipeline, inputs: {}, version, by: maria })
      : resumeRun(asked, latest(stage, lane), undefined, maria);
    const done = begun.then(handle => {
      if (!handle.ok) throw new Error(handle.failure.message);
      return handle.value.done;
    });
    state = await Promise.race([done, over, ...(owner ? [owner.died] : [])]).catch(() => undefined);
    if (state) break;
    killed++;
    await world.clock.sleep(random() * 60_000);
    // Killed before its first event: it is no run, and begins again.
    if (world.history.events(latest(stage, lane)).length === 0) return killed;
    if (world.history.findRun(latest(stage, lane))?.outcome) break;
  }
  return state === 'hung' ? undefined : killed;
}

function latest({ world }: Lanes, lane: Lane): string {
  return world.history.runs({ limit: 1, service: lane.identity })[0]?.id ?? '';
}

/** What `show --json` says of the latest run, against what was drawn and what the nodes run. */
async function judge(stage: Lanes, lane: Lane, found: Found, outcomes: Outcomes): Promise<string | undefined> {
  const shown = await show(stage, lane);
  if (!shown) return undefined;
  const { outcome = 'not ended', release, nodes } = shown;
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const { isBad, hook } = lane.trouble;
  const runs = (node: string): string | undefined => stage.world.nodes.get(node);
  const note = (sort: keyof Found): void => {
    found[sort]++;
    process.stderr.write(`${lane.identity} ${JSON.stringify(lane.trouble)}: ${sort}: ${outcome}\n`);
  };
  if (outcome === 'not ended') note('hung');
  if (outcome === 'promoted' && isBad) note('wrong promotions');
  if (outcome === 'rolled-back' && !isBad && hook !== 'fails') note('wrong rollbacks');
  const wanted = outcome === 'promoted' ? release : outcome === 'rolled-back' ? lane.working : undefined;
  const isAsShown = Object.entries(nodes).every(([node, id]) => id === null || id === runs(node));
  if (!isAsShown || (wanted !== undefined && lane.nodes.some(node => runs(node) !== wanted)))
    note('show against fleet');
  if (outcome === 'promoted') lane.working = release;
  return outcome;
}

interface Shown {
  readonly outcome?: string;
  readonly release: string;
  readonly nodes: Readonly<Record<string, string | null>>;
}

async function show({ world }: Lanes, lane: Lane): Promise<Shown | undefined> {
  const run = world.history.runs({ limit: 1, service: lane.identity })[0];
  if (!run || world.history.events(run.id).length === 0) return undefined;
  const { out } = await backstop(['show', String(run.number), '--json'], { over: { history: world.history } });
  const state = JSON.parse(out) as RunState;
  return {
    ...(state.outcome && { outcome: state.outcome }),
    release: state.release.id,
    nodes: Object.assign({}, ...state.groups.flat().map(({ nodes }) => nodes)) as Shown['nodes'],
  };
}

/** A person does, once the vendors and the hooks work again. */
async function bringBack(stage: Lanes, lane: Lane, found: Found): Promise<void> {
  const { world, runs, lanes: _ } = stage;
  lane.trouble = { isBad: false, network: 'calm', hook: 'works' };
  if (lane.nodes.every(node => world.nodes.get(node) === lane.working)) return;
  const back = await startRollback(runs(world.ports), {
    pipeline: lane.pipeline,
    environment: 'production',
    to: lane.working,
    by: maria,
  });
  const ended = back.ok ? await back.value.done : undefined;
  if (ended?.outcome === 'rolled-back' && lane.nodes.every(node => world.nodes.get(node) === lane.working)) return;
  found['show against fleet']++;
  process.stderr.write(
    `${lane.identity}: it could not be brought back: ${back.ok ? ended?.outcome : back.failure.message}\n`,
  );
}
