// Before anything is deployed, the metrics' history tells what a phase will be able to show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { PlannedPhase } from '../../../src/model/runs/plan.ts';
import type { HealthSources, Ports } from '../../../src/model/ports.ts';
import { forecastPhase } from '../../../src/verify/forecastPhase.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { normal, seededRandom } from './metrics/simulation.ts';

const nowMs = 3_600_000,
  intervalMs = 15_000,
  nodes = ['a', 'b', 'c', 'd'];
const count = { options: { select: '', from: '' }, kind: 'count', direction: 'increase', unit: '' } as const;
const metrics: readonly MetricQuery[] = [
  { ...count, name: 'latency', kind: 'gauge' },
  { ...count, name: 'requests' },
  { ...count, name: 'errors', denominator: 'requests' },
];
const pipeline = {
  environments: {},
  healthSources: {
    performance: {
      kind: 'metrics',
      vendor: 'newRelic',
      name: 'performance',
      connection: 'metrics',
      nodeAttribute: 'host',
      delayMs: 0,
      metrics,
    },
  },
  connections: { metrics: { vendor: 'newRelic', url: 'http://x', credential: 'c' } },
} as unknown as Pipeline;
const phase = {
  canaryNodes: ['a'],
  baselineNodes: ['b', 'c', 'd'],
  verification: {
    sources: ['performance'],
    durationMs: 300_000,
    intervalMs,
    sensitivity: 'medium',
    historyMs: 1_800_000,
  },
} as unknown as PlannedPhase;

function history(): readonly MetricPoint[] {
  const random = seededRandom(5);
  const value = {
    latency: () => 100 * Math.exp(0.05 * normal(random)),
    requests: () => 40,
    errors: () => Number(random() < 0.05),
  };
  return Array.from({ length: nowMs / intervalMs }, (_, index) => index * intervalMs).flatMap(atMs =>
    nodes.flatMap(node =>
      metrics.map(({ name }) => ({ metric: name, node, atMs, value: value[name as keyof typeof value]() })),
    ),
  );
}

function worldOf(read: HealthSources['read']): {
  readonly ports: Pick<Ports, 'clock' | 'analysis' | 'healthSources'>;
  readonly clock: ReturnType<typeof createVirtualClock>;
} {
  const clock = createVirtualClock(nowMs);
  const analysis: Ports['analysis'] = {
    close: () => Promise.resolve(),
    open(settings) {
      const session = createEvidenceSession(
        settings,
        { newRelicSeries: () => succeed({ rows: 1, points: history() }) } as unknown as Parameters<
          typeof createEvidenceSession
        >[1],
        text => text,
      );
      return Promise.resolve(
        succeed({
          ingest: page => Promise.resolve(session.ingest(page)),
          look: look => Promise.resolve(succeed({ report: session.look(look), pages: [] })),
          learn: () => Promise.resolve(succeed({})),
          keep: () => Promise.resolve(succeed(new Uint8Array())),
          setFeedback: () => Promise.resolve(succeed(undefined)),
          close() {
            /* nothing is kept */
          },
        }),
      );
    },
  };
  return { clock, ports: { clock, analysis, healthSources: { describe: () => [], read } } };
}

test('a steady gauge shows small changes soon, rare errors only large ones', async () => {
  const { clock, ports } = worldOf(async (request, ingest) => {
    assert.deepEqual([request.fromMs, request.toMs], [nowMs - 1_800_000, nowMs]);
    const answer = await ingest({
      source: 'performance',
      decoder: 'newRelicSeries',
      bytes: new Uint8Array(),
      context: {},
    });
    return answer.ok ? succeed({ queries: [] }) : answer;
  });
  const asked = forecastPhase(pipeline, 'production', phase, ports);
  await clock.drive(asked);
  const told = await asked;
  assert.ok(told.ok);
  const of = (name: string) => told.value.find(({ metric }) => metric === name)!;
  assert.ok(of('latency').smallestChange! <= 0.3 && of('latency').neededMs === 300_000, JSON.stringify(of('latency')));
  assert.ok(
    (of('errors').smallestChange ?? Infinity) >= 1 && (of('errors').neededMs ?? Infinity) > 300_000,
    JSON.stringify(of('errors')),
  );
});

test('a source that does not answer makes no forecast, and says why', async () => {
  for (const read of [
    () => Promise.resolve(fail('unreachable', 'New Relic cannot be reached.')),
    () =>
      new Promise<never>(() => {
        /* never */
      }),
  ]) {
    const { clock, ports } = worldOf(read);
    const asked = forecastPhase(pipeline, 'production', phase, ports);
    await clock.drive(asked);
    const told = await asked;
    assert.ok(!told.ok && told.failure.message.length > 0);
  }
});

test('a phase without metrics asks nobody', async () => {
  const { ports } = worldOf(() => {
    throw new Error('asked');
  });
  assert.deepEqual(
    await forecastPhase(
      pipeline,
      'production',
      { ...phase, verification: { ...phase.verification!, sources: [] } },
      ports,
    ),
    succeed([]),
  );
});
