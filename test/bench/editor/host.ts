// `bench host`: what Backstop costs the editor: time to activate, longest pause of the extension host during a demo
// run, size of the package.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoWorld, type DemoWorld } from '../../editor/demoWorld.ts';
import { buildSuite } from '../../editor/buildSuite.ts';
import { newest } from '../../editor/editions.ts';
import { packExtension } from '../../editor/pack.ts';
import { runInHost } from '../../host/launch.ts';
import type { SuiteReport } from '../../host/suite/run.ts';
import type { BenchResult } from '../bench.ts';

const freshHosts = 5;

export async function run(): Promise<BenchResult> {
  await buildSuite();
  const activations = await runInHost({
    edition: newest,
    mode: 'activation',
    hosts: freshHosts,
    longestMs: 60_000,
    prepare: home => Promise.resolve({ workspace: join(home, 'empty') }),
  });
  const activateMs = activations.map(report => figureOf(report, 'activateMs')).sort((left, right) => left - right);
  const [played] = await measureDemoRun();
  if (!played) throw new Error('the demo run left no report');
  return {
    name: 'host',
    figures: {
      activateMedianMs: activateMs[Math.floor(activateMs.length / 2)] ?? NaN,
      activateMaxMs: activateMs.at(-1) ?? NaN,
      eventLoopDelayMaxMs: figureOf(played, 'eventLoopDelayMaxMs'),
      eventLoopDelayP99Ms: figureOf(played, 'eventLoopDelayP99Ms'),
      // Without the time in which this process waited for a processor.
      longestTaskMs: figureOf(played, 'longestTaskMs'),
      // The longest pauses: when, how long, and how much of it this process itself worked.
      ...Object.fromEntries(Object.entries(played.figures).filter(([name]) => name.startsWith('pause'))),
      packageMegabytes: await measurePackage(),
    },
    targets: {
      activateMedianMs: { op: '<=', value: 50 },
      eventLoopDelayMaxMs: { op: '<=', value: 50 },
      longestTaskMs: { op: '<=', value: 50 },
      packageMegabytes: { op: '<=', value: 1.5 },
    },
  };
}

async function measureDemoRun(): Promise<readonly SuiteReport[]> {
  let world: DemoWorld | undefined;
  try {
    return await runInHost({
      edition: newest,
      mode: 'demo',
      longestMs: 180_000,
      editorFirst: true,
      async prepare(home) {
        world = await startDemoWorld(home);
        return world;
      },
    });
  } finally {
    await world?.close();
  }
}

function figureOf({ tests, figures }: SuiteReport, name: string): number {
  const failed = tests.find(test => test.failure !== undefined);
  if (failed) throw new Error(`${failed.name}: ${failed.failure}`);
  return figures[name] ?? NaN;
}

async function measurePackage(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-package-'));
  try {
    return statSync(await packExtension(folder)).size / 1e6;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
