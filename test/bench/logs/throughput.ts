// How fast lines are grouped and counted on one core, how many clusters they make, and what memory ten million of them
// take.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { groupBytes } from '../../../src/verify/logs/record/grouping.ts';
import { createLogAnalysis } from '../../../src/verify/logs/logAnalysis.ts';
import { findData, type BenchResult } from '../bench.ts';
import { writeObjects } from './jsonSystem.ts';
import { firstSystems, readLines, systemsIn } from './labelledLogs.ts';
import { redraw } from './redraw.ts';

const mixedLines = 1_000_000,
  systemLines = 200_000,
  jsonLines = 400_000,
  chunkBytes = 256 * 1024,
  repeats = 4;

export async function run(folder: string | undefined): Promise<BenchResult> {
  const data = findData(folder, 'loghub2k'),
    systems = systemsIn(data).map(name => ({ name, lines: readLines(data, name) }));
  const mix = (those: typeof systems): Uint8Array =>
    redraw(
      those.map(({ lines }) => lines),
      mixedLines,
    );
  const mixed = await timeGrouping(mix(systems)),
    first = await timeGrouping(mix(systems.filter(({ name }) => firstSystems.includes(name)))),
    objects = writeObjects(jsonLines),
    json = await timeGrouping(new TextEncoder().encode(`${objects.join('\n')}\n`));
  const each: [string, number][] = [];
  for (const { name, lines } of systems)
    each.push([name, (await timeGrouping(redraw([lines], systemLines))).linesPerSecond]);
  return {
    name: 'throughput',
    figures: {
      linesPerSecond: mixed.linesPerSecond,
      megabytesPerSecond: mixed.megabytesPerSecond,
      clusters: mixed.clusters,
      slowestSystemLinesPerSecond: Math.min(...each.map(([, speed]) => speed)),
      ...Object.fromEntries(each.map(([name, speed]) => [`linesPerSecond${name}`, speed])),
      systems: systems.length,
      firstSystemsLinesPerSecond: first.linesPerSecond,
      jsonLinesPerSecond: json.linesPerSecond,
      jsonMegabytesPerSecond: json.megabytesPerSecond,
      jsonClusters: json.clusters,
      verifiedLinesPerSecond: timeAnalysis(
        new TextDecoder()
          .decode(
            redraw(
              systems.map(({ lines }) => lines),
              systemLines,
            ),
          )
          .split('\n'),
      ),
      verifiedJsonLinesPerSecond: timeAnalysis(objects.slice(0, systemLines)),
      ...measureMemory(data),
    },
    targets: {
      linesPerSecond: { op: '>=', value: 2_000_000 },
      slowestSystemLinesPerSecond: { op: '>=', value: 1_100_000 },
      clusters: { op: '<=', value: 3_000 },
      jsonMegabytesPerSecond: { op: '>=', value: 250 },
      verifiedLinesPerSecond: { op: '>=', value: 1_000_000 },
      memoryMb: { op: '<=', value: 250 },
      memoryGrowthMb: { op: '<=', value: 10 },
    },
    peers: { linesPerSecond: '610,000, logdrain (Rust); 4,092, Drain3', clusters: '506,000, logdrain' },
  };
}

/**
 * Raw bytes to the group of every line, layouts and templates learned anew each time. Processor time, and the best of
 * some runs: other processes of the machine do not count.
 */
async function timeGrouping(
  bytes: Uint8Array,
): Promise<{ linesPerSecond: number; megabytesPerSecond: number; clusters: number }> {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes)
      yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  };
  let seconds = Infinity,
    lines = 0,
    clusters = 0;
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage(),
      grouped = await groupBytes(chunks()),
      { user, system } = process.cpuUsage(before);
    if (!grouped.ok) throw new Error(grouped.failure.message);
    seconds = Math.min(seconds, (user + system) / 1e6);
    lines = grouped.value.groups.length;
    clusters = grouped.value.templates.length;
  }
  return { linesPerSecond: Math.round(lines / seconds), megabytesPerSecond: bytes.length / 1e6 / seconds, clusters };
}

/** Log lines as sources deliver them to a check: known ids left out, counted per node and second, and assessed. */
function timeAnalysis(texts: readonly string[]): number {
  const pageSize = 10_000;
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing' });
  const pages = Array.from({ length: systemLines / pageSize }, (_, page) =>
    Array.from({ length: pageSize }, (_, i) => ({
      node: `node ${i % 10}`,
      atMs: page * 1000 + Math.floor(i / 10),
      id: `${page} ${i}`,
      text: texts[page * pageSize + i]!,
    })),
  );
  const before = process.cpuUsage();
  pages.forEach((page, i) => analysis.add(page, i % 5 === 0 ? 'canary' : 'baseline'));
  analysis.assess({ name: 'logs', source: 'bench', atMs: systemLines, canarySinceMs: 0, minimumMs: 0 });
  const { user, system } = process.cpuUsage(before);
  return Math.round(systemLines / ((user + system) / 1e6));
}

/**
 * Of a process of its own: the most memory that ten million lines took, and how much more that is than after the first
 * million.
 */
function measureMemory(data: string): Record<string, number> {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(new URL('memory.ts', import.meta.url)), data],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, number>;
}
