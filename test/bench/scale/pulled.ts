// Run by the scale bench in a process of its own: a million lines read page by page, as ClickHouse sends them, through
// the analysis worker; what memory that took, for how long the host's thread was blocked, and when the verdict came.
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { createWorkerAnalysis } from '../../../src/adapters/analysis.ts';
import type { AnalysisSettings } from '../../../src/model/evidence/analysis.ts';
import type { Check } from '../../../src/model/evidence/verdict.ts';
import {
  baselineNodes,
  canaryNodes,
  fill,
  nodes,
  scatter,
  statementOf,
  unknownLines,
  unknownTexts,
  unknownTimes,
  windowMs,
} from './busyLogs.ts';

const lines = 1_000_000,
  pageLines = 10_000,
  statements = 400,
  pagesPerLook = 3;
const sinceMs = 1_795_000_000_000;
const worker = join(import.meta.dirname, '../../../dist/worker.js');

const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes,
  baselineNodes,
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: sinceMs,
  beforeToMs: sinceMs,
  intervalMs: 10_000,
  durationMs: windowMs,
  trafficWeight: 1,
  sources: [{ kind: 'logs', name: 'logs', delayMs: 0 }],
};

process.stdout.write(JSON.stringify(await measure()));

async function measure(): Promise<Record<string, number>> {
  const analysis = createWorkerAnalysis(worker, () => []);
  const opened = await analysis.open(settings);
  if (!opened.ok) throw new Error(opened.failure.message);
  const session = opened.value;
  const texts = Array.from({ length: statements }, (_, k) => statementOf(k));
  const hostMb = process.memoryUsage().rss / 1e6;
  let readMs = 0,
    blockedMs = 0,
    mostMb = 0,
    verdictMs = 0,
    slowestMs = 0;
  let check: Check | undefined;
  /** As a verification does: an evaluation each interval, and one after the last page. */
  async function look(atMs: number, final: boolean): Promise<void> {
    const startedMs = performance.now();
    const looked = await session.look({ atMs, unread: {}, partial: {}, final });
    if (!looked.ok) throw new Error(looked.failure.message);
    verdictMs = performance.now() - startedMs;
    slowestMs = Math.max(slowestMs, verdictMs);
    check = looked.value.report.checks[0];
  }
  for (let page = 0; page < lines / pageLines; page++) {
    const bytes = writePage(page, texts);
    // Writing the page is the bench's own work. Processor time, so that other processes do not count.
    const startedMs = performance.now(),
      worked = process.threadCpuUsage();
    const context = { moment: '0', skipped: 0 };
    const taken = await session.ingest({ source: 'logs', decoder: 'clickHouseLines', bytes, context });
    if (!taken.ok) throw new Error(taken.failure.message);
    const { user, system } = process.threadCpuUsage(worked);
    readMs += performance.now() - startedMs;
    blockedMs = Math.max(blockedMs, (user + system) / 1000);
    if (page % pagesPerLook === pagesPerLook - 1)
      await look(sinceMs + ((page + 1) * pageLines * windowMs) / lines, false);
    mostMb = Math.max(mostMb, process.memoryUsage().rss / 1e6);
  }
  await look(sinceMs + windowMs, true);
  await analysis.close();
  const unknown =
    check?.kind === 'logs' ? check.clusters.filter(one => one.class === 'unknown').map(({ template }) => template) : [];
  return {
    readSeconds: readMs / 1000,
    workerMemoryMb: mostMb - hostMb,
    hostBlockedMs: blockedMs,
    slowestVerdictMs: slowestMs,
    verdictMs,
    unknownFound: unknown.filter(template => unknownTexts.includes(template)).length,
    unknownWrong: unknown.filter(template => !unknownTexts.includes(template)).length,
  };
}

function writePage(page: number, texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const rows = Array.from({ length: pageLines }, (_, j) => {
    const i = page * pageLines + j;
    return rowOf(sinceMs + Math.floor((i * windowMs) / lines), nodes[scatter(i) % 10]!, texts, i);
  });
  // The four errors, spread over the window.
  const pages = lines / pageLines / unknownTimes;
  if (page % Math.floor(pages) === 0 && page / Math.floor(pages) < unknownTimes)
    for (const [k, text] of unknownLines.entries())
      rows.push([ns(sinceMs + (page * windowMs * pageLines) / lines + k), canaryNodes[k % 2]!, fill(text, page)]);
  return new TextEncoder().encode(JSON.stringify({ data: rows }));
}

function rowOf(atMs: number, node: string, texts: readonly string[], i: number): readonly string[] {
  return [ns(atMs), node, fill(texts[scatter(i * 3) % texts.length]!, i)];
}

function ns(ms: number): string {
  return `${Math.floor(ms)}000000`;
}
