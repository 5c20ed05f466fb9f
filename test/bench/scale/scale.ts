// Volumes beyond one machine: a million lines read here, many more counted by ClickHouse's own engine, and how the time
// grows with lines, clusters, nodes and metrics.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { missing } from '../../contract/clickHouse/realServer.ts';
import { MissingData, type BenchOptions, type BenchResult } from '../bench.ts';
import { measureGrowth } from './growth.ts';

const million = 1_000_000;

/** `--runs N`: millions of rows that are counted; ten if it is absent. */
export async function run(_: string | undefined, { runs = 10 }: BenchOptions): Promise<BenchResult> {
  if (missing !== false) throw new MissingData(`${missing}.`);
  const growth = measureGrowth(),
    pulled = measure('pulled', []),
    pushed = measure('pushed', [String(runs * million)]);
  return Promise.resolve({
    name: 'scale',
    figures: { ...pulled, pushedMillions: runs, ...pushed, ...growth },
    targets: {
      pulledWorkerMemoryMb: { op: '<=', value: 400 },
      pulledHostBlockedMs: { op: '<=', value: 50 },
      pulledVerdictMs: { op: '<=', value: 2_000 },
      pulledUnknownFound: { op: '>=', value: 4 },
      pulledUnknownWrong: { op: '<=', value: 0 },
      pushedVerdictMs: { op: '<=', value: 2_000 },
      pushedUnknownFound: { op: '>=', value: 4 },
      pushedUnknownWrong: { op: '<=', value: 0 },
      ...Object.fromEntries(Object.keys(growth).map(name => [name, { op: '<=', value: 1.25 } as const])),
    },
  });
}

/** In a process of its own, whose figures are named after it. */
function measure(name: 'pulled' | 'pushed', args: readonly string[]): Record<string, number> {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL(`${name}.ts`, import.meta.url)), ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return Object.fromEntries(
    Object.entries(JSON.parse(stdout) as Record<string, number>).map(([key, figure]) => [
      `${name}${key[0]!.toUpperCase()}${key.slice(1)}`,
      figure,
    ]),
  );
}
