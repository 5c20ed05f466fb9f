// `npm run bench -- soak`: many runs in one process, one after the other, and what stays of each in memory, in open
// handles and on the disk. `--runs N`, by default 500; one run in ten is rolled back.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startRun } from '../../../src/run/begin.ts';
import { maria } from '../../unit/run/worldFixture.ts';
import type { BenchOptions, BenchResult } from '../bench.ts';
import { calm, openLanes } from './lanes.ts';

const usualRuns = 500,
  samples = 20;

export async function run(_folder: string | undefined, { runs = usualRuns }: BenchOptions): Promise<BenchResult> {
  const collect = garbageCollector();
  const { world, lanes, runs: runsOf, close } = openLanes(1, () => 0.5);
  const [lane] = lanes;
  const heap: (readonly [run: number, bytes: number])[] = [];
  let handles = 0,
    storeBytes = 0,
    wrongEnds = 0;
  const every = Math.max(1, Math.floor(runs / samples));
  const startedAtMs = performance.now();
  for (let number = 1; number <= runs; number++) {
    lane!.trouble = { ...calm, isBad: number % 10 === 0 };
    const wanted = lane!.trouble.isBad ? 'rolled-back' : 'promoted';
    const request = { pipeline: lane!.pipeline, inputs: {}, version: `2.${number}`, by: maria };
    const outcome = await world.clock.drive(
      startRun(runsOf(world.ports), request).then(async begun =>
        begun.ok ? (await begun.value.done).outcome : begun.failure.message,
      ),
    );
    if (outcome !== wanted) {
      wrongEnds++;
      process.stderr.write(`Run ${number}: ${outcome ?? 'not ended'}, not ${wanted}.\n`);
    }
    world.forget();
    if (number % every !== 0) continue;
    collect();
    heap.push([number, process.memoryUsage().heapUsed]);
    if (heap.length === 2) {
      handles = process.getActiveResourcesInfo().length;
      storeBytes = sizeBelow(dirname(world.storePath));
    }
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  const settled = heap.slice(1);
  const result: BenchResult = {
    name: 'soak',
    figures: {
      runs,
      'wrong ends': wrongEnds,
      'kB of memory per run': slope(settled) / 1000,
      'more handles': process.getActiveResourcesInfo().length - handles,
      'kB of store per run': (sizeBelow(dirname(world.storePath)) - storeBytes) / 1000 / Math.max(1, runs - 2 * every),
      'runs per second': runs / seconds,
    },
    targets: {
      'wrong ends': { op: '<=', value: 0 },
      'kB of memory per run': { op: '<=', value: 5 },
      'more handles': { op: '<=', value: 0 },
      'kB of store per run': { op: '<=', value: 500 },
    },
  };
  close();
  return result;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Of the least squares: bytes for each further run. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([run]) => run)),
    y = mean(points.map(([, bytes]) => bytes));
  const along = points.reduce((sum, [run, bytes]) => sum + (run - x) * (bytes - y), 0),
    spread = points.reduce((sum, [run]) => sum + (run - x) ** 2, 0);
  return spread === 0 ? 0 : along / spread;
}

function sizeBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
