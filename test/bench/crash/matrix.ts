// The kill matrix: plays a story, kills somebody at one exact point, lets something happen meanwhile, and resumes.
import { mortal } from '../../unit/run/processPorts.ts';
import { type World } from '../../unit/run/worldFixture.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Ports } from '../../../src/model/ports.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import type { Happening, Verdict, Whole } from './judge.ts';
import { forgetFaults, playAndJudge, type CrashStage } from './stage.ts';
import type { Story } from './stories.ts';

export const moments = ['after', 'before'] as const;
export const victims = ['owner', 'supervisor', 'both'] as const satisfies readonly Happening['victim'][];
export const meanwhiles = [
  'nothing',
  'another run',
  'the file changes',
  'nobody comes',
] as const satisfies readonly Happening['meanwhile'][];

export interface Point extends Happening {
  /** Of the run's journal, from 1. */
  readonly event: number;
  readonly moment: (typeof moments)[number];
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

export function playPoint(point: Point, whole: Whole): Promise<Verdict> {
  return playAndJudge(point, whole, stage => play(stage, point));
}

async function play(
  stage: CrashStage,
  { story, event, moment, victim, meanwhile }: Point,
): Promise<readonly RunState[]> {
  const { world } = stage;
  const withEffect = event % 2 === 0;
  if (victim === 'supervisor') return stage.playAll(losingHooks(world, event, moment, withEffect));
  const owner = mortal(world.ports, event, moment);
  const first = Promise.race([stage.start(owner.ports, '2.0'), owner.died]).catch(() => undefined);
  const second = story.races ? stage.start(world.ports, '3.0') : undefined;
  const ended = await first;
  if (ended) return second ? [ended, await second] : [ended];
  if (victim === 'both') world.loseHooks(withEffect);
  if (meanwhile === 'another run') forgetFaults(world);
  const other = second ?? (meanwhile === 'another run' ? stage.start(world.ports, '3.0') : undefined);
  const others = other ? [await other] : [];
  const today = meanwhile === 'the file changes' ? changed(story.pipeline) : undefined;
  const unattended = meanwhile === 'nobody comes' ? ({ afterMs: 1_800_000, act: 'rollback' } as const) : undefined;
  const resumed = await stage.resume('run-1', today, unattended);
  return resumed ? [resumed, ...others] : others;
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
