// A canary by weight: what each side receives is measured, and what cannot be measured is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, VersionSides } from '../../../src/model/evidence/analysis.ts';
import type { LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import type { VerificationReport } from '../../../src/model/evidence/verdict.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';

const sinceMs = 600_000,
  endMs = sinceMs + 600_000,
  intervalMs = 10_000;
const versions: VersionSides = { canary: ['2.0'], baseline: ['1.0'], before: [] };
const metric = (name: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
  ...{ name, kind: 'count', direction: 'increase', unit: '' },
  ...more,
});
const requests = metric('requests', { direction: 'decrease' });

interface Story {
  /** Of the traffic, on the canary. */
  readonly share: number;
  /** Share of a side's requests that fail. */
  readonly errors: readonly [canary: number, baseline: number];
  readonly counted?: boolean;
}

/** Lines and points of two versions, whichever pods stand behind them: three at first, five later. */
function judge({ share, errors: [canaryErrors, baselineErrors], counted = true }: Story): VerificationReport {
  const metrics = [
    ...(counted ? [requests] : []),
    metric('errors', counted ? { denominator: 'requests' } : {}),
    metric('retries'),
  ];
  const settings: AnalysisSettings = {
    ...{ sensitivity: 'medium', baselineKind: 'existing', measuresTraffic: true },
    ...{ canaryNodes: ['a'], baselineNodes: ['b', 'c', 'd', 'e'], trafficWeight: 1 },
    ...{ canarySinceMs: sinceMs, beforeFromMs: 0, beforeToMs: sinceMs, intervalMs, durationMs: 300_000 },
    sources: [
      { kind: 'metrics', name: 'metrics', delayMs: 0, metrics, versions },
      { kind: 'logs', name: 'logs', delayMs: 0, versions },
    ],
  };
  const lines: LogLine[] = [],
    points: MetricPoint[] = [];
  let seed = 7;
  const noise = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return 0.9 + (0.2 * seed) / 2_147_483_647;
  };
  for (let atMs = 0; atMs < endMs; atMs += intervalMs)
    for (const [node, part, bad] of [
      ['1.0', atMs < sinceMs ? 1 : 1 - share, baselineErrors],
      ['2.0', atMs < sinceMs ? 0 : share, canaryErrors],
    ] as const) {
      if (part === 0) continue;
      const served = Math.round(1_000 * part * noise());
      const told = { requests: served, errors: Math.round(served * bad), retries: Math.round(served * 0.05 * noise()) };
      for (const { name } of metrics) points.push({ metric: name, node, atMs, value: told[name as keyof typeof told] });
      for (let k = 0; k < served / 20; k += 1)
        lines.push({ node, atMs: atMs + 40 * k, text: `INFO order ${k} placed` });
      for (let k = 0; k < told.errors; k += 1)
        lines.push({ node, atMs: atMs + 40 * k + 7, text: `ERROR order ${k} lost` });
    }
  const session = createEvidenceSession(
    settings,
    {
      points: () => succeed({ rows: points.length, points }),
      lines: () => succeed({ rows: lines.length, lines }),
    },
    createRedactor([]),
  );
  const page = { bytes: new Uint8Array(), context: {} };
  assert.ok(session.ingest({ ...page, source: 'metrics', decoder: 'points' }).ok);
  assert.ok(session.ingest({ ...page, source: 'logs', decoder: 'lines' }).ok);
  return session.look({ atMs: endMs, unread: {}, partial: {}, final: true });
}

const outcomes = ({ checks }: VerificationReport): Record<string, string> =>
  Object.fromEntries(checks.map(check => [check.name, check.outcome]));
const trafficOf = ({ checks }: VerificationReport) =>
  checks.find(({ kind }) => kind === 'logs')?.reasons.find(({ code }) => code.startsWith('traffic'));

test('a healthy canary with a third of the traffic of what its weight says is no regression', () => {
  const report = judge({ share: 0.06, errors: [0.02, 0.02] });
  assert.deepEqual(outcomes(report), { requests: 'pass', errors: 'pass', retries: 'pass', logs: 'pass' });
  const told = trafficOf(report);
  assert.equal(told?.code, 'traffic-measured');
  assert.ok(Math.abs(Number(told.values['share']) - 0.06) < 0.005);
});

test('a bad canary is found however little traffic it has', () => {
  const report = judge({ share: 0.06, errors: [0.2, 0.02] });
  const { errors, logs } = outcomes(report);
  assert.deepEqual([errors, logs], ['fail', 'fail']);
});

test('where no metric counts requests, the verdict says that the traffic is assumed', () => {
  const report = judge({ share: 0.2, errors: [0.02, 0.02], counted: false });
  assert.deepEqual(trafficOf(report), { code: 'traffic-assumed', values: { share: 0.2 } });
  assert.ok(report.checks.every(({ reasons }) => reasons.some(({ code }) => code === 'traffic-assumed')));
});
