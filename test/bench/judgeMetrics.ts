// Replays metric cases look by look through the engine that the product uses, and prints its verdicts (one JSON object a line).
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { MetricEvidence, MetricWindow, NodeSeries } from '../../src/model/evidence.ts';
import { assessMetrics, type MetricAssessment } from '../../src/verify/metrics/assessMetrics.ts';
import { MissingData } from './bench.ts';

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

/**
 * One verdict per metric, at the end, and the first look at which it would have failed. A failure stays one at every later look, so only what fails at the end can have failed before;
 * when, is asked of the values alone that had ended by the look at which it is said to have been sure. Where that look does not confirm it, every look is replayed.
 */
export function replayCase(metricCase: MetricCase): MetricVerdict[] {
  const { intervalSec, durationSec, metrics } = metricCase;
  const stepSec = Math.max(intervalSec, 15);
  const last = assessAt(metricCase, durationSec);
  const said = last.map(({ outcome, sureAtMs }) =>
    outcome === 'fail' && sureAtMs !== undefined
      ? Math.min(durationSec, Math.ceil(sureAtMs / 1000 / stepSec) * stepSec)
      : null,
  );
  const isConfirmed = [...new Set(said)].every(atSec => {
    if (atSec === null) return true;
    const then = assessAt(metricCase, atSec);
    const before = atSec > stepSec ? assessAt(metricCase, atSec - stepSec) : undefined;
    return said.every((at, k) => at !== atSec || (then[k]!.outcome === 'fail' && before?.[k]!.outcome !== 'fail'));
  });
  const failedAt = isConfirmed ? said : replayLooks(metricCase);
  return metrics.map(({ name }, k) => ({ name, verdict: last[k]!.outcome, failedAtSec: failedAt[k]! }));
}

function assessAt(metricCase: MetricCase, atSec: number): readonly MetricAssessment[] {
  const { intervalSec, durationSec } = metricCase;
  return assessMetrics(windowAt(metricCase, Math.floor(atSec / intervalSec)), {
    sensitivity: 'medium',
    minimumMs: durationSec * 1000,
    final: atSec >= durationSec,
  });
}

/** Seconds of the first look at which each metric failed, by looking at every one. */
function replayLooks(metricCase: MetricCase): (number | null)[] {
  const { intervalSec, durationSec, metrics } = metricCase;
  const stepSec = Math.max(intervalSec, 15);
  const failedAt = metrics.map((): number | null => null);
  for (let atSec = Math.min(stepSec, durationSec); ; atSec = Math.min(atSec + stepSec, durationSec)) {
    assessAt(metricCase, atSec).forEach(({ outcome }, k) => {
      if (outcome === 'fail') failedAt[k] ??= atSec;
    });
    if (atSec >= durationSec) return failedAt;
  }
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
