// The states that the panel is looked at in, from real events of the demo's story, and the pictures taken of them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/model/runEvents.ts';
import { snapshotRun, type RunSnapshot } from '../../src/protocol/snapshot.ts';
import { playStory } from '../bench/demoWorld.ts';
import type { OpenPanel } from './stage.ts';

export const widths = [600, 1000, 1600] as const;
export const folder = join(import.meta.dirname, '../../dist/screens');
export type StateName = 'failed' | 'live' | 'waiting' | 'healthy' | 'held';

/** Each state is a run's events up to a moment. */
export async function playStates(): Promise<Readonly<Record<StateName, RunSnapshot>>> {
  const failed = (await playStory('quality-regression', 5)).events, healthy = (await playStory('healthy', 5)).events, held = (await playStory('backend-down', 5)).events;
  return {
    failed: snapshotUpTo(failed, () => false), healthy: snapshotUpTo(healthy, () => false), held: snapshotUpTo(held, () => false),
    live: snapshotUpTo(failed, event => event.type === 'decided'), waiting: snapshotUpTo(healthy, event => event.type === 'answered'),
  };
}

/** The first event that ends the state is not in it. */
function snapshotUpTo(events: readonly RunEvent[], isEnd: (event: RunEvent) => boolean): RunSnapshot {
  const end = events.findIndex(isEnd), taken = end < 0 ? events : events.slice(0, end);
  const snapshot = snapshotRun('run', taken, (taken.at(-1)?.at ?? 0) + 400);
  if (!snapshot) throw new Error('The story did not begin.');
  return snapshot;
}

export async function takePicture({ page }: OpenPanel, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
