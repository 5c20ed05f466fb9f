// Nodes without lasting names: the sides of a metric are told apart by what names the version.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import type { MetricsSource } from '../../../src/model/healthSource.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import type { Vendors } from '../faults/vendors.ts';
import { assertAllValues, readPoints, setMetricStage, type MetricServer } from './stage.ts';

/**
 * `text`: the source in a pipeline file with `version: SIDE`, where SIDE is what names the nodes of the stage.
 * `connection`: as in a pipeline file.
 */
export function testSidesByVersion(server: MetricServer, connection: string, text: string): void {
  test('the sides are told apart by what names the version, whatever names the nodes', async context => {
    const stage = await setMetricStage(server, context, 'in process');
    const { points, result } = await readPoints(server, {
      ...stage,
      request: { ...stage.request, source: byVersion(server.source, server.source.nodeAttribute) },
    });
    assert.ok(result.ok, JSON.stringify(result));
    assertAllValues(server, points, stage);
  });

  test('a pipeline file says what names the version, and check-sources looks for the one that runs', async context => {
    const { vendors, request } = await setMetricStage(server, context, 'in process');
    const written = text.replaceAll('SIDE', server.source.nodeAttribute);
    const { pipeline, problems } = parsePipeline(pipelineWith(connection, written), 'p.yaml');
    assert.deepEqual(problems, []);
    assert.ok(pipeline);
    const source = pipeline.healthSources['traffic'];
    assert.ok(source?.kind === 'metrics');
    assert.equal(source.versionAttribute, server.source.nodeAttribute);
    const told = (versionAttribute: string, versions: readonly string[]) =>
      problemsOf(vendors, withSource(pipeline, byVersion(server.source, versionAttribute), request), versions);
    assert.deepEqual(await told(source.versionAttribute, ['prod-1', 'prod-2']), []);
    assert.deepEqual(await told(source.versionAttribute, ['1.7.0']), [
      'missing: Health source "traffic" knows nothing of version 1.7.0 of production.',
      ...server.source.metrics.map(
        ({ name }) => `missing: Health source "traffic": metric "${name}" had no value on any version.`,
      ),
    ]);
    // Before anything was deployed, any version will do.
    assert.deepEqual(await told(source.versionAttribute, []), []);
    const misspelled = await told('releaze', ['prod-1']);
    assert.ok(
      misspelled.some(one => one === 'missing: Health source "traffic" knows nothing of version prod-1 of production.'),
      JSON.stringify(misspelled),
    );
  });
}

function byVersion(source: MetricsSource, versionAttribute: string): MetricsSource {
  return { ...source, name: 'traffic', connection: 'server', nodeAttribute: 'nowhere', versionAttribute };
}

function pipelineWith(connection: string, source: string): string {
  return `version: 1
service: shop
connections: { server: ${connection} }
environments: { production: { nodes: { command: [./nodes.sh] } } }
hooks: { deploy: { command: [./deploy.sh] } }
healthSources:
  traffic: ${source}
stages: [{ stage: P, environment: production, steps: [deploy], check: deploy }]
`;
}

function withSource(pipeline: Pipeline, source: MetricsSource, { connection }: ReadRequest): Pipeline {
  return { ...pipeline, connections: { server: connection }, healthSources: { traffic: source } };
}

async function problemsOf(vendors: Vendors, pipeline: Pipeline, versions: readonly string[]): Promise<string[]> {
  const parts = { healthSources: createHealthSources(vendors), markers: createMarkers(vendors) };
  const checks = createSourceChecks({ ...vendors, ...parts });
  const request = { pipeline, isNew: () => false, versions: () => versions };
  const [check] = await vendors.clock.drive(checks.check(request, () => {}, new AbortController().signal));
  return check!.problems.map(({ kind, failure }) => `${kind}: ${failure.message}`);
}
