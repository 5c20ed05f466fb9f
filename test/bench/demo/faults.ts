// The demo on a virtual clock with every fault of the vendors' APIs, 100 seeds each of `healthy` and
// `quality-regression`: the same endings, somewhat later.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { BenchResult } from '../bench.ts';
import type { FaultyResult } from './faultySeeds.ts';

const seeds = 100;

export async function run(): Promise<BenchResult> {
  const results = (
    await Promise.all(
      Array.from({ length: availableParallelism() }, (_, index) => playSeeds(index + 1, availableParallelism())),
    )
  ).flat();
  for (const { scenario, seed, outcome, problems } of results)
    if (problems.length > 0)
      process.stderr.write(`${scenario} ${seed}: ${outcome ?? 'no outcome'}. ${problems.join(' ')}\n`);
  const later = results.map(({ secondsLater }) => secondsLater).sort((one, other) => one - other);
  return {
    name: 'faults',
    figures: {
      seeds,
      otherEndings: results.filter(({ outcome, outcomeWithout }) => outcome !== outcomeWithout).length,
      wrongRollbacks: results.filter(({ scenario, outcome }) => scenario === 'healthy' && outcome === 'rolled-back')
        .length,
      missedRegressions: results.filter(
        ({ scenario, outcome }) => scenario === 'quality-regression' && outcome === 'promoted',
      ).length,
      medianSecondsLater: later[Math.floor(later.length / 2)] ?? NaN,
      mostSecondsLater: later.at(-1) ?? NaN,
    },
    targets: {
      otherEndings: { op: '<=', value: 0 },
      wrongRollbacks: { op: '<=', value: 0 },
      missedRegressions: { op: '<=', value: 0 },
      mostSecondsLater: { op: '<=', value: 90 },
    },
  };
}

async function playSeeds(first: number, step: number): Promise<FaultyResult[]> {
  const child = spawn(
    process.execPath,
    [new URL('./faultySeeds.ts', import.meta.url).pathname, String(first), String(seeds), String(step)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const results: FaultyResult[] = [];
  for await (const line of createInterface({ input: child.stdout })) results.push(JSON.parse(line) as FaultyResult);
  const wanted = Math.floor((seeds - first) / step + 1) * 2;
  if (results.length !== wanted)
    throw new Error(`The bench of faults ended after ${results.length} of ${wanted} runs.`);
  return results;
}
