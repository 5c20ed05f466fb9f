// Replays metric cases look by look through the engine that the product uses, and prints its verdicts (one JSON object
// a line).
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { MetricEvidence, MetricWindow, NodeSeries } from '../../../src/model/evidence/evidence.ts';
import { assessMetrics, type MetricAssessment } from '../../../src/verify/metrics/assessMetrics.ts';
import { SeriesMemory } from '../../../src/verify/metrics/series/carriedSeries.ts';
import { MissingData } from '../bench.ts';

export interface MetricCase {
  readonly id: string;
  readonly baselineKind: MetricWindow['baselineKind'];
  readonly intervalSec: number;
  readonly durationSec: number;
  readonly trafficWeight?: number;
  readonly metrics: readonly CaseMetric[];
}
type CaseMetric = Pick<MetricEvidence, 'name' | 'kind' | 'direction' | 'canary' | 'baseline'> & {
  readonly denominator?: string | null;
  readonly unit?: string | null;
  readonly pre?: NodeSeries;
};

export interface MetricVerdict {
  readonly name: string;
  readonly verdict: MetricAssessment['outcome'];
  readonly failedAtSec: number | null;
}

export async function judge(path: string, print: (line: string) => void): Promise<void> {
  for (const line of readCaseLines(path)) {
    const metricCase = JSON.parse(line) as MetricCase;
    print(JSON.stringify({ id: metricCase.id, metrics: replayCase(metricCase) }));
    await Promise.resolve();
  }
}

export function readCaseLines(path: string): string[] {
  if (!existsSync(path))
    throw new MissingData(`There is no file ${path}: metric cases are JSON lines, plain or gzipped.`);
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter(line => line.trim() !== '');
}

/** One verdict per metric, at the end; every look sees only the values that have ended by then. */
export function replayCase(metricCase: MetricCase): MetricVerdict[] {
  const { intervalSec, durationSec, metrics } = metricCase;
  const failedAt = new Map<string, number>();
  const stepSec = Math.max(intervalSec, 15);
  const memory = new SeriesMemory();
  let last: readonly MetricAssessment[] = [];
  for (let atSec = Math.min(stepSec, durationSec); ; atSec = Math.min(atSec + stepSec, durationSec)) {
    const final = atSec >= durationSec;
    last = assessMetrics(
      windowAt(metricCase, Math.floor(atSec / intervalSec)),
      {
        sensitivity: 'medium',
        minimumMs: durationSec * 1000,
        final,
      },
      memory,
    );
    for (const { name, outcome } of last) if (outcome === 'fail' && !failedAt.has(name)) failedAt.set(name, atSec);
    if (final) break;
  }
  return metrics.map(({ name }, k) => ({ name, verdict: last[k]!.outcome, failedAtSec: failedAt.get(name) ?? null }));
}

function windowAt({ intervalSec, baselineKind, trafficWeight, metrics }: MetricCase, known: number): MetricWindow {
  const cut = <T>(series: Readonly<Record<string, readonly T[]>>): Record<string, readonly T[]> =>
    Object.fromEntries(Object.entries(series).map(([node, values]) => [node, values.slice(0, known)]));
  const concurrent = baselineKind !== 'previous';
  return {
    intervalMs: intervalSec * 1000,
    baselineKind,
    trafficWeight: trafficWeight ?? 1,
    metrics: metrics.map(({ name, kind, denominator, direction, unit, canary, baseline, pre }) => ({
      name,
      kind,
      direction,
      canary: cut(canary),
      baseline: concurrent ? cut(baseline) : baseline,
      before: pre ?? {},
      ...(denominator && { denominator }),
      ...(unit && { unit }),
    })),
  };
}
