// What a vendor's server is asked for a first pipeline: what it offers of a service, the pipeline that is written from
// it, and what is said where there is nothing or where it may not be asked.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { rank } from '../../../src/definition/starter/signals.ts';
import { starterFiles } from '../../../src/definition/starter/starterFiles.ts';
import { suggest } from '../../../src/definition/starter/suggest.ts';
import type { Result } from '../../../src/model/failure.ts';
import type { Connection } from '../../../src/model/pipeline.ts';
import type { Offered } from '../../../src/model/starter.ts';
import { createDiscovery } from '../../../src/vendors/discovery.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import type { Vendors } from '../faults/vendors.ts';
import { setMetricStage, type MetricServer } from './stage.ts';

export interface DiscoveredPlan {
  /** The connection as a person types it. */
  readonly text: string;
  readonly expected: Omit<Offered, 'source' | 'signals'>;
  /** By role: the keys that ask for it as they stand in the file, and the sample. */
  readonly signals: Readonly<Record<string, readonly [string, string]>>;
  /** What is said of a service that the server does not know. */
  readonly unknown: RegExp;
  start(context: TestContext): Promise<{ readonly vendors: Vendors; readonly connection: Connection }>;
}

export function startOf(server: MetricServer): DiscoveredPlan['start'] {
  return async context => {
    const { vendors, request } = await setMetricStage(server, context, 'in process');
    return { vendors, connection: request.connection };
  };
}

export function testDiscovered({ text, expected, signals, unknown, start }: DiscoveredPlan): void {
  test('what a server has of a service is ranked, shown with a sample, and written as a pipeline', async context => {
    const { vendors, connection } = await start(context);
    const found = await ask(vendors, connection, 'shop');
    assert.ok(found.ok, JSON.stringify(found));
    const { source: _, signals: offered, ...rest } = found.value;
    assert.deepEqual(rest, expected);
    const backend = { vendor: connection.vendor, text, connection };
    const [file] = starterFiles({ ...suggest([], 'shop'), backend, offered: found.value });
    const { pipeline, problems } = parsePipeline(file!.text, 'shop.yaml');
    assert.deepEqual(problems, [], file!.text);
    const lines = file!.text.split('\n').map(line => line.trim());
    const written = offered.map(({ role, sample }) => [
      role,
      [lines.find(line => line.startsWith(`${role}:`)), sample],
    ]);
    assert.deepEqual(Object.fromEntries(written), signals);
    const { traffic } = pipeline!.healthSources;
    assert.ok(traffic?.kind === 'metrics' && traffic.vendor === connection.vendor);
    assert.deepEqual(
      traffic.metrics.map(({ name }) => name),
      Object.keys(signals),
    );
  });

  test('a service that the server does not know, and a credential that it refuses, are said', async context => {
    const { vendors, connection } = await start(context);
    const cart = await ask(vendors, connection, 'cart');
    assert.ok(!cart.ok && cart.failure.kind === 'not-found', JSON.stringify(cart));
    assert.match(`${cart.failure.message} ${cart.failure.hint}`, unknown);
    const refused = await ask(vendors, { ...connection, credential: 'hook' }, 'shop');
    assert.ok(!refused.ok && refused.failure.kind === 'unauthorized', JSON.stringify(refused));
    assert.deepEqual(findSecrets(refused), []);
  });
}

function ask(vendors: Vendors, connection: Connection, service: string): Promise<Result<Offered>> {
  const discover = createDiscovery({ ...vendors, allowedHosts: '/none', vendorDomains: [] });
  const question = { connection, service, nodes: ['shop-1', 'shop-2'], rank };
  return vendors.clock.drive(discover(question, new AbortController().signal));
}
