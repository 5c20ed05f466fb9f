// How the time of a verification grows: the power of its size, from a small and a large one. n log n over the ranges
// here is a power of 1.25 at most.
import type { AnalysisSettings } from '../../../src/model/evidence/analysis.ts';
import type { CountedWindow } from '../../../src/model/evidence/counts.ts';
import type { LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { fill, scatter, statementOf, windowMs } from './busyLogs.ts';

const sinceMs = 1_795_000_000_000,
  repeats = 3;

/** The power of the growth with each of them, of processor time. */
export function measureGrowth(): Record<string, number> {
  const powerOf = (small: number, large: number, work: (size: number) => void): number => {
    work(small);
    return Math.log(timeOf(() => work(large)) / timeOf(() => work(small))) / Math.log(large / small);
  };
  return {
    growthWithLines: powerOf(50_000, 400_000, lines => readLines(lines, 200, 10)),
    growthWithClusters: powerOf(1_000, 10_000, clusters => countClusters(clusters, 10)),
    growthWithNodes: powerOf(50, 500, nodes => countClusters(100, nodes)),
    growthWithMetrics: powerOf(20, 200, metrics => readMetrics(metrics)),
  };
}

function timeOf(work: () => void): number {
  let least = Infinity;
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

interface Told {
  readonly lines?: readonly LogLine[];
  readonly points?: readonly MetricPoint[];
  readonly counts?: CountedWindow;
}

/** One evaluation of what is told. */
function look(nodes: number, source: AnalysisSettings['sources'][number], told: Told): void {
  const names = Array.from({ length: nodes }, (_, i) => `node-${i}`),
    canaryNodes = names.slice(0, Math.ceil(nodes / 5)),
    baselineNodes = names.slice(canaryNodes.length);
  const session = createEvidenceSession(
    {
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
      sources: [source],
    },
    { told: () => succeed({ rows: 0, ...told }) },
    text => text,
  );
  session.ingest({ source: source.name, decoder: 'told', bytes: new Uint8Array(), context: {} });
  session.look({ atMs: sinceMs + windowMs, unread: {}, partial: {}, final: true });
}

function readLines(lines: number, statements: number, nodes: number): void {
  const texts = Array.from({ length: statements }, (_, k) => statementOf(k));
  look(
    nodes,
    { kind: 'logs', name: 'logs', delayMs: 0 },
    {
      lines: Array.from({ length: lines }, (_, i) => ({
        atMs: sinceMs + Math.floor((i * windowMs) / lines),
        node: `node-${scatter(i) % nodes}`,
        text: fill(texts[scatter(i * 3) % statements]!, i),
        id: String(i),
      })),
    },
  );
}

function countClusters(clusters: number, nodes: number): void {
  const canary = Math.ceil(nodes / 5);
  const sideOf = (text: string, from: number, to: number) => ({
    lines: 20 * (to - from),
    sample: text,
    slices: Array.from({ length: 20 }, (_, i) => [sinceMs + i * 10_000, to - from] as const),
    nodes: Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`node-${from + i}`, 20])),
  });
  const groups = Array.from({ length: clusters }, (_, k) => {
    const text = fill(statementOf(k), k);
    return { canary: sideOf(text, 0, canary), baseline: sideOf(text, canary, nodes) };
  });
  const window = { part: 'sides', fromMs: sinceMs, toMs: sinceMs + windowMs, sliceMs: 1_000 } as const;
  look(
    nodes,
    { kind: 'logs', name: 'logs', delayMs: 0 },
    { counts: { ...window, groups, total: 20 * nodes * clusters } },
  );
}

function readMetrics(metrics: number): void {
  const names = Array.from({ length: metrics }, (_, i) => `metric-${i}`);
  const queries = names.map((name): MetricQuery => ({ name, kind: 'gauge', direction: 'increase', unit: 'ms' }));
  look(
    10,
    { kind: 'metrics', name: 'metrics', delayMs: 0, metrics: queries },
    {
      points: names.flatMap((metric, m) =>
        Array.from({ length: 10 * 30 }, (_, i) => ({
          metric,
          node: `node-${i % 10}`,
          atMs: sinceMs + Math.floor(i / 10) * 10_000,
          value: 100 + (scatter(i * 31 + m) % 20),
        })),
      ),
    },
  );
}
