// What a machine does to a run without killing it, and the power cut: played at every moment of every story, and judged
// as the kill matrix judges.
import { cpSync, rmSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Ports } from '../../../src/model/ports.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { leaseMs } from '../../../src/run/ownership/lease.ts';
import { mortal, sleepy } from '../../unit/run/processPorts.ts';
import { type World } from '../../unit/run/worldFixture.ts';
import { watchDisk } from './disk.ts';
import type { Happening, Verdict, Whole } from './judge.ts';
import { forgetFaults, playAndJudge, type CrashStage } from './stage.ts';
import type { Story } from './stories.ts';

export interface Disturbance {
  readonly name: string;
  readonly at: 'events' | 'writes';
  /** As the kill matrix would call it: `owner`, where the run is to end as if nothing had happened. */
  readonly like: Omit<Happening, 'story'>;
  /** `moment`: counted from 1. */
  play(stage: CrashStage, moment: number): Promise<readonly RunState[]>;
}

const hourMs = 3_600_000;
const unharmed = { victim: 'owner', meanwhile: 'nothing' } as const;
const likeDead = { victim: 'both', meanwhile: 'nothing' } as const;

export const disturbances: readonly Disturbance[] = [
  { name: 'SIGSTOP past the lease', at: 'events', like: unharmed, play: stopAndWake },
  {
    name: 'SIGSTOP past the lease, another run meanwhile',
    at: 'events',
    like: { victim: 'owner', meanwhile: 'another run' },
    play: stopAndBeOvertaken,
  },
  disturb('clock an hour forward', ({ clock }) => clock.set(hourMs)),
  disturb('clock ten minutes back', ({ clock }) => clock.set(-600_000)),
  disturb('sleep of an hour', ({ clock }) => clock.skip(hourMs)),
  { name: 'store locked for 30 s', at: 'events', like: unharmed, play: lockStore },
  disturb('store deleted', ({ storePath }) => rmSync(storePath)),
  disturb('store truncated', ({ storePath }) => truncateSync(storePath)),
  { name: 'disk full for 10 s', at: 'writes', like: unharmed, play: fillDisk('journal', 10_000) },
  { name: 'disk full for 5 min', at: 'writes', like: unharmed, play: fillDisk('store', 300_000) },
  { name: 'all killed, files as they are', at: 'events', like: likeDead, play: killAll },
  { name: 'power cut, unflushed writes lost', at: 'events', like: likeDead, play: cutPower },
];

/** The moments of a story; every `step`-th of them. */
export function momentsOf({ at }: Disturbance, { events, writes }: Whole, step = 1): readonly number[] {
  const all = Array.from({ length: at === 'events' ? events - 1 : writes }, (_, index) => index + 1);
  return all.filter((_, index) => index % step === 0);
}

export function playDisturbed(
  { like, play }: Disturbance,
  story: Story,
  whole: Whole,
  moment: number,
): Promise<Verdict> {
  return playAndJudge({ ...like, story }, whole, stage => play(stage, moment));
}

/** The world changes under the run, and nobody dies of it. */
function disturb(name: string, act: (world: World) => void): Disturbance {
  return {
    name,
    at: 'events',
    like: unharmed,
    play: (stage, moment) => stage.playAll(afterEvent(stage.world.ports, moment, () => act(stage.world))),
  };
}

/** Calls back once, when so many events have been written. */
function afterEvent(ports: Ports, atEvent: number, act: () => void): Ports {
  let left = atEvent;
  return {
    ...ports,
    history: {
      ...ports.history,
      append(...appended) {
        ports.history.append(...appended);
        if (--left === 0) act();
      },
    },
  };
}

async function stopAndWake(stage: CrashStage, moment: number): Promise<readonly RunState[]> {
  const { clock, ports } = stage.world;
  const process = sleepy(ports);
  return stage.playAll(
    afterEvent(process.ports, moment, () => {
      process.sleep();
      void clock.sleep(2 * leaseMs).then(process.wake);
    }),
  );
}

/** It wakes when the other run has ended. */
async function stopAndBeOvertaken(stage: CrashStage, moment: number): Promise<readonly RunState[]> {
  const { world, story } = stage;
  const process = sleepy(world.ports);
  const asleep = Promise.withResolvers<void>();
  const second = story.races ? stage.start(world.ports, '3.0') : undefined;
  const first = stage.start(
    afterEvent(process.ports, moment, () => {
      process.sleep();
      asleep.resolve();
    }),
    '2.0',
  );
  await Promise.race([asleep.promise, first]);
  forgetFaults(world);
  const other = await (second ?? stage.start(world.ports, '3.0'));
  process.wake();
  return [await first, other];
}

async function lockStore(stage: CrashStage, moment: number): Promise<readonly RunState[]> {
  const { clock, ports, storePath } = stage.world;
  const unlocked = Promise.withResolvers<void>();
  const lock = (): void => {
    const holder = new DatabaseSync(storePath);
    holder.exec('BEGIN IMMEDIATE');
    void clock.sleep(30_000).then(() => {
      holder.close();
      unlocked.resolve();
    });
  };
  return resumeStopped(stage, await stage.playAll(afterEvent(ports, moment, lock)), unlocked.promise);
}

/** A person resumes a run that stopped as its store could not be written, once it can be, unless it never began. */
async function resumeStopped(
  stage: CrashStage,
  states: readonly RunState[],
  writable: Promise<void>,
): Promise<readonly RunState[]> {
  if (!states.some(({ stopped }) => stopped)) return states;
  await writable;
  const ended = await Promise.all(states.map(async state => (state.stopped ? stage.resume(state.runId) : state)));
  return ended.filter(state => state !== undefined);
}

function fillDisk(part: 'journal' | 'store', forMs: number): Disturbance['play'] {
  return async (stage, moment) => {
    const { clock } = stage.world;
    const disk = watchDisk();
    const free = Promise.withResolvers<void>();
    disk.fill(moment, part, () => {
      void clock.sleep(forMs).then(() => {
        disk.free();
        free.resolve();
      });
    });
    try {
      return await resumeStopped(stage, await stage.playAll(), free.promise);
    } finally {
      disk.close();
    }
  };
}

async function killAll(stage: CrashStage, moment: number): Promise<readonly RunState[]> {
  const { storePath } = stage.world;
  return dieAndReopen(stage, moment, folder => cpSync(dirname(storePath), folder, { recursive: true }));
}

async function cutPower(stage: CrashStage, moment: number): Promise<readonly RunState[]> {
  const disk = watchDisk();
  try {
    disk.keepFlushed(stage.world.storePath, folderAfter(stage.world));
    return await dieAndReopen(stage, moment, () => disk.close());
  } finally {
    disk.close();
  }
}

const folderAfter = ({ storePath }: World): string => join(dirname(storePath), '..', `${dirname(storePath)}-after`);

/** Owner and hooks die at one moment, and with them what the hooks would have told. */
async function dieAndReopen(
  stage: CrashStage,
  moment: number,
  keep: (folder: string) => void,
): Promise<readonly RunState[]> {
  const { world } = stage;
  const folder = folderAfter(world);
  const owner = mortal(world.ports, moment);
  const ended = await Promise.race([stage.start(owner.ports, '2.0'), owner.died]).catch(() => undefined);
  if (ended) return [ended];
  keep(folder);
  world.loseHooks(moment % 2 === 0);
  world.loseOutcomes();
  stage.reopen(join(folder, 'history.db'));
  const resumed = await stage.resume('run-1');
  return resumed ? [resumed] : [];
}
