// Pods behind a service: all of their names are new with each release, three are scaled to five while the canary is
// judged, and it receives a fifth of the traffic. Nothing is judged by names, and the real verification decides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createEngine } from '../../../../src/engine.ts';
import { succeed } from '../../../../src/model/failure.ts';
import type { HealthSource } from '../../../../src/model/healthSource.ts';
import type { Pipeline } from '../../../../src/model/pipeline.ts';
import type { HealthSources, ReadRequest } from '../../../../src/model/ports.ts';
import { createInlineAnalysis } from '../../../fakes/inlineAnalysis.ts';
import { createPodFleet, podPipeline, type PodFleet } from './podFleet.ts';
import { tell } from '../runLines.ts';
import { createWorld, maria } from '../worldFixture.ts';
import { canaryStage } from '../worldPipeline.ts';

const intervalMs = 5_000;
const healthSources: Readonly<Record<string, HealthSource>> = {
  quality: {
    kind: 'logs',
    vendor: 'sumoLogic',
    name: 'quality',
    connection: 'sumo',
    options: { query: '*' },
    nodeAttribute: 'version',
    versionAttribute: 'version',
    delayMs: 0,
  },
  traffic: {
    kind: 'metrics',
    vendor: 'prometheus',
    name: 'traffic',
    nodeAttribute: 'version',
    versionAttribute: 'version',
    delayMs: 0,
    metrics: [
      { name: 'requests', kind: 'count', direction: 'decrease', unit: '' },
      { name: 'errors', kind: 'count', direction: 'increase', unit: '', denominator: 'requests' },
    ],
  },
};

function podsByWeight(): Pipeline {
  const verification = {
    ...canaryStage.verification,
    ...{ sources: ['quality', 'traffic'], durationMs: 120_000, intervalMs, historyMs: 300_000, proofMs: 20_000 },
  };
  const verify = { durationMs: 120_000, sensitivity: 'medium' } as const;
  const phases = [
    { weight: 0.2, settleMs: 1_000, verify },
    { nodes: { share: 1 }, weight: 1, settleMs: 1_000, verify },
  ];
  return { ...podPipeline({ ...canaryStage, verification, phases }), healthSources };
}

/** Share of the requests to the new version that fail, and whether it logs them. */
interface Trouble {
  readonly failing: number;
  readonly logged: boolean;
}

/** What both versions serve and log, by the traffic that each has at that moment. */
function evidenceOf(fleet: PodFleet, { failing, logged }: Trouble): HealthSources {
  const shareAt = (atMs: number): number => fleet.weights.findLast(one => one.atMs <= atMs)?.share ?? 0;
  const partOf = (version: string, atMs: number): number => (version === '2.0' ? shareAt(atMs) : 1 - shareAt(atMs));
  const moments = ({ fromMs, toMs }: ReadRequest): number[] => {
    const first = Math.ceil(fromMs / intervalMs);
    return Array.from(
      { length: Math.max(0, Math.ceil(toMs / intervalMs) - first) },
      (_, k) => (first + k) * intervalMs,
    );
  };
  return {
    describe: () => [],
    async read(request, deliver) {
      const { source, nodes } = request;
      const told = moments(request).flatMap(atMs =>
        nodes.flatMap(version => {
          const served = Math.round(partOf(version, atMs) * (200 + ((atMs / intervalMs) % 7)));
          return served > 0
            ? [{ version, atMs, served, lost: version === '2.0' ? Math.round(served * failing) : 0 }]
            : [];
        }),
      );
      const bytes = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));
      const line = (version: string, atMs: number, k: number, text: string) => ({
        map: { _messagetime: atMs + 20 * k, _raw: text, version, _messageid: `${version}/${atMs}/${text}` },
      });
      const page =
        source.kind === 'logs'
          ? {
              decoder: 'sumoMessages',
              bytes: bytes({
                messages: told.flatMap(({ version, atMs, served, lost }) => [
                  ...Array.from({ length: served / 4 }, (_, k) => line(version, atMs, k, `INFO order ${k} placed`)),
                  ...Array.from({ length: logged ? lost : 0 }, (_, k) =>
                    line(version, atMs, k, `ERROR payment ${k} refused by bank`),
                  ),
                ]),
              }),
            }
          : {
              decoder: 'commandSamples',
              bytes: bytes(
                told.flatMap(({ version, atMs, served, lost }) => [
                  { name: 'requests', value: served, time: atMs, node: version },
                  { name: 'errors', value: lost, time: atMs, node: version },
                ]),
              ),
            };
      const { fromMs, toMs } = request;
      const samples = { ...{ zone: 'utc', nowMs: toMs, fromMs, toMs, intervalMs }, nodes: JSON.stringify(nodes) };
      const context = {
        ...{ source: source.name, program: 'metrics', ...samples, nodeAttribute: 'version' },
        metrics: JSON.stringify([
          { name: 'requests', series: 'requests', kind: 'count', rollup: 'sum' },
          { name: 'errors', series: 'errors', kind: 'count', rollup: 'sum', per: 'requests' },
        ]),
        keys: JSON.stringify({ name: 'name', value: 'value', time: 'time', node: 'node' }),
        readings: JSON.stringify([[toMs, page.bytes.length]]),
      };
      const delivered = await deliver({ source: source.name, decoder: page.decoder, bytes: page.bytes, context });
      return delivered.ok ? succeed({ queries: [] }) : delivered;
    },
  };
}

async function release(context: TestContext, trouble: Trouble) {
  const world = createWorld(context);
  const fleet = createPodFleet(world, { pods: 3 });
  const engine = createEngine({
    ...fleet.ports,
    healthSources: evidenceOf(fleet, trouble),
    analysis: createInlineAnalysis(),
  });
  let isScaled = false;
  engine.watch({
    onEvent(_, event) {
      if (isScaled || event.type !== 'looked') return;
      isScaled = true;
      fleet.add('1.0', 2);
    },
  });
  const started = await world.clock.drive(
    engine.start({ pipeline: podsByWeight(), inputs: {}, version: '2.0', by: maria }),
  );
  assert.ok(started.ok, started.ok ? '' : started.failure.message);
  const state = await world.clock.drive(started.value.done);
  return { fleet, state, events: world.history.events(started.value.runId) };
}

test('a healthy release is promoted: all of its names are new, and its traffic is measured', async context => {
  const { fleet, state, events } = await release(context, { failing: 0, logged: true });
  assert.equal(state.outcome, 'promoted', JSON.stringify([state.failure, tell(events)]));
  assert.ok(fleet.pods.every(({ version }) => version === '2.0'));
  assert.deepEqual(
    fleet.weights.map(({ share }) => share),
    [0.2, 1],
  );
  const sides = events.filter(event => event.type === 'sides-found');
  assert.deepEqual(
    sides.map(({ canaryNodes, baselineNodes }) => [canaryNodes.length, baselineNodes.length]),
    [
      [1, 3],
      [6, 0],
    ],
  );
  const [first] = events.filter(event => event.type === 'verification-finished');
  const reasons = first!.report.checks.flatMap(check => check.reasons);
  const traffic = reasons.find(({ code }) => code === 'traffic-measured');
  assert.ok(Math.abs(Number(traffic?.values['share']) - 0.2) < 0.01, JSON.stringify(reasons));
});

const troubles = [
  { logged: true, found: 'unknown-clusters' },
  { logged: false, found: 'metric-regressed' },
] as const;
for (const { logged, found } of troubles)
  test(`a bad release goes back on the pods that there are: ${found}`, async context => {
    const { fleet, state, events } = await release(context, { failing: 0.1, logged });
    assert.equal(state.outcome, 'rolled-back', JSON.stringify([state.failure, tell(events)]));
    const decided = events.find(event => event.type === 'decided' && event.decision === 'rollback');
    assert.ok(decided?.type === 'decided' && decided.reasons.some(({ code }) => code === found));
    assert.equal(fleet.weights.at(-1)?.share, 0);
    assert.ok(fleet.pods.every(({ version }) => version === '1.0'));
  });
