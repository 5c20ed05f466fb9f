// The demo, 200 seeds each of `healthy` and `quality-regression` on a virtual clock, and once for real: wrong
// rollbacks, misses, the engine's own time.
import { execFile, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { BenchResult } from '../bench.ts';
import type { SeedResult } from './demoSeeds.ts';

const seeds = 200;

export async function run(): Promise<BenchResult> {
  const played = await playOnce();
  const results = (
    await Promise.all(
      Array.from({ length: availableParallelism() }, (_, index) => playSeeds(index + 1, availableParallelism())),
    )
  ).flat();
  const healthy = results.filter(({ scenario }) => scenario === 'healthy'),
    broken = results.filter(({ scenario }) => scenario === 'quality-regression');
  const detect = broken.flatMap(({ secondsToDetect }) => secondsToDetect ?? []).sort((one, other) => one - other);
  for (const { scenario, seed, problems } of results)
    if (problems.length > 0) process.stderr.write(`${scenario} ${seed}: ${problems.join(' ')}\n`);
  return {
    name: 'demo',
    figures: {
      seeds,
      wrongRollbacks: healthy.filter(({ outcome }) => outcome === 'rolled-back').length,
      healthyNotPromoted: healthy.filter(({ outcome }) => outcome !== 'promoted').length,
      missedRegressions: broken.filter(({ outcome }) => outcome !== 'rolled-back').length,
      notNamedExactly: broken.filter(({ problems }) => problems.length > 0).length,
      medianSecondsToDetect: detect[Math.floor(detect.length / 2)] ?? NaN,
      engineOverheadMs: played.engineOverheadMs,
      secondsToRollBack: played.secondsToRollBack,
    },
    targets: {
      wrongRollbacks: { op: '<=', value: 2 },
      missedRegressions: { op: '<=', value: 0 },
      healthyNotPromoted: { op: '<=', value: 10 },
      notNamedExactly: { op: '<=', value: 4 },
      engineOverheadMs: { op: '<=', value: 500 },
    },
  };
}

/** With real processes, sockets and seconds: what the engine adds to the hooks' own time can only be seen there. */
async function playOnce(): Promise<{ engineOverheadMs: number; secondsToRollBack: number }> {
  const demo = new URL('../../../dist/demo.js', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [demo, 'play', '--json'], {
    maxBuffer: 256 * 1024 * 1024,
    timeout: 120_000,
  }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  const { engineOverheadMs = NaN, secondsToRollBack = NaN } = JSON.parse(stdout.trim().split('\n').at(-1) || '{}') as {
    engineOverheadMs?: number;
    secondsToRollBack?: number;
  };
  return { engineOverheadMs, secondsToRollBack };
}

async function playSeeds(first: number, step: number): Promise<SeedResult[]> {
  const child = spawn(
    process.execPath,
    [new URL('./demoSeeds.ts', import.meta.url).pathname, String(first), String(seeds), String(step)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const results: SeedResult[] = [];
  for await (const line of createInterface({ input: child.stdout })) results.push(JSON.parse(line) as SeedResult);
  const wanted = Math.floor((seeds - first) / step + 1) * 2;
  if (results.length !== wanted) throw new Error(`The demo bench ended after ${results.length} of ${wanted} runs.`);
  return results;
}
