// Run by the throughput bench in a process of its own: ten million lines through one analysis, as a worker would see
// them, and what memory that took.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { workerLimits } from '../../../src/adapters/analysis.ts';
import { createLogAnalysis } from '../../../src/verify/logs/logAnalysis.ts';
import { readLines, systemsIn } from './labelledLogs.ts';
import { createRedraw } from './redraw.ts';

const lineCount = 10_000_000,
  million = 1_000_000,
  pageSize = 2_000,
  linesPerLook = 200_000;
if (isMainThread) new Worker(new URL(import.meta.url), { workerData: process.argv[2], resourceLimits: workerLimits });
else process.stdout.write(JSON.stringify(measure(String(workerData))));

/**
 * In millions of bytes: the most that the worker's heap and buffers took at any look, and how much more it keeps at the
 * end than after the first million.
 */
function measure(folder: string): { memoryMb: number; memoryGrowthMb: number } {
  const redraw = createRedraw(systemsIn(folder).map(name => readLines(folder, name))),
    decoder = new TextDecoder();
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing' });
  let most = 0,
    keptOfMillion = 0;
  for (let from = 0; from < lineCount; from += pageSize) {
    const texts = decoder.decode(redraw(pageSize)).split('\n');
    analysis.add(
      Array.from({ length: pageSize }, (_, i) => ({
        node: `node ${i % 10}`,
        atMs: Math.floor((from + i) / 10),
        id: `line ${from + i}`,
        text: texts[i]!,
      })),
      (from / pageSize) % 5 === 0 ? 'canary' : 'baseline',
    );
    if ((from + pageSize) % linesPerLook > 0) continue;
    analysis.assess({ name: 'logs', source: 'bench', atMs: from / 10, canarySinceMs: 0, minimumMs: 0 });
    const { heapTotal, external } = process.memoryUsage();
    most = Math.max(most, heapTotal + external);
    if (from + pageSize === million) keptOfMillion = keptBytes();
  }
  return { memoryMb: most / 1e6, memoryGrowthMb: (keptBytes() - keptOfMillion) / 1e6 };
}

/** Needs node --expose-gc. */
function keptBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
