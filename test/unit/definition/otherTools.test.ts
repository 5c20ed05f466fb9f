// What people write for Argo Rollouts, Flagger, Harness and in a Jenkinsfile has an equivalent pipeline, as
// media/docs/from-other-tools.md says.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { chooseEnvironments } from '../../../src/model/environmentChoice.ts';
import { allStages, type CanaryStage, type Pipeline } from '../../../src/model/pipeline.ts';
import { layOutRun } from '../../../src/plan/layOut.ts';

const folder = join(import.meta.dirname, '../../fixtures/pipelines/otherTools');
const read = (name: string): Pipeline => {
  const { pipeline, problems } = parsePipeline(readFileSync(join(folder, name), 'utf8'), name);
  assert.ok(pipeline, JSON.stringify(problems));
  return pipeline;
};
const canaryOf = (pipeline: Pipeline): CanaryStage =>
  allStages(pipeline).findLast((stage): stage is CanaryStage => stage.kind === 'canary')!;
const phasesOf = (name: string) =>
  layOutRun(read(name))
    .groups.flat()
    .findLast(({ phases }) => phases.length > 0)!.phases;

for (const name of globSync('*.yaml', { cwd: folder }))
  test(`${name} is a pipeline without a problem`, () => {
    const { problems } = parsePipeline(readFileSync(join(folder, name), 'utf8'), name);
    assert.deepEqual(
      problems.map(({ line, message }) => `${line}: ${message}`),
      [],
    );
  });

test('Argo Rollouts: another analysis for each step, in their order', () => {
  assert.deepEqual(
    phasesOf('argoAnalysis.yaml').map(({ canaryNodes, settleMs, verification }) => [
      ...[canaryNodes.length, settleMs, verification?.durationMs],
      verification?.sources.join(),
    ]),
    [
      [2, 60_000, 300_000, 'requests'],
      [3, 60_000, 300_000, 'requests,latency'],
      [4, 60_000, 600_000, 'requests,latency'],
      [5, 0, 300_000, 'requests,latency'],
    ],
  );
});

test('Argo Rollouts: a job as a measurement, and a pause without end that rolls nothing back', () => {
  const pipeline = read('argoBackground.yaml');
  const { orders } = pipeline.healthSources;
  assert.ok(orders?.kind === 'measurement' && orders.failures === 3 && orders.ask === 'each-evaluation');
  assert.equal(canaryOf(pipeline).phases[0]!.approval?.onTimeout, 'hold');
});

test('Argo Rollouts: an experiment is a stage of its own, under load that ends with each phase', () => {
  const [experiment] = allStages(read('argoExperiment.yaml'));
  assert.ok(experiment?.kind === 'canary');
  assert.deepEqual(
    experiment.phases.map(({ during }) => during),
    ['load', 'load'],
  );
});

test('Flagger: steps, thresholds, a test before traffic, load, gates', () => {
  const pipeline = read('flaggerCanary.yaml');
  const { beforeTraffic, phases } = canaryOf(pipeline);
  assert.deepEqual([beforeTraffic, phases.map(({ during }) => during)], ['acceptance', new Array(6).fill('load')]);
  const { golden } = pipeline.healthSources;
  assert.ok(golden?.kind === 'metrics');
  assert.deepEqual(
    golden.metrics.flatMap(({ limit }) => limit?.above ?? []),
    [0.01, 500],
  );
  const gates = canaryOf(read('flaggerGates.yaml'));
  assert.deepEqual(gates.rollbackBatches, { nodes: { count: 1 }, order: 'newest-first' });
  assert.deepEqual(
    gates.phases.map(({ approval }) => approval?.message),
    ['More nodes?', 'Promote?', undefined],
  );
});

test('Harness: what failed asks a person, and what could not be measured waits as long', () => {
  const { onFailure, verification } = canaryOf(read('harness.yaml'));
  assert.deepEqual(onFailure, { kind: 'ask', forMs: 7_200_000 });
  assert.deepEqual([verification.missingData, verification.holdForMs], ['rollback', 7_200_000]);
});

test('Jenkins: an input decides whether a stage runs, and another one where', () => {
  const pipeline = read('jenkinsfile.yaml');
  assert.deepEqual(
    pipeline.stages.map(group => group.map(({ name, when }) => [name, when !== undefined])),
    [
      [
        ['Test EU', false],
        ['Test US', false],
      ],
      [['Go', true]],
      [['Production', true]],
    ],
  );
  const chosen = chooseEnvironments(pipeline, { target: 'production', region: 'us' });
  assert.deepEqual(layOutRun(chosen).groups.at(-1)![0]!.nodes, ['shop-3', 'shop-4']);
});

test('a phase takes only those sources that its stage has', () => {
  const text = readFileSync(join(folder, 'argoAnalysis.yaml'), 'utf8').replace(
    'duration: 5m, sources: [requests, latency]',
    'duration: 5m, sources: [requests]',
  );
  assert.match(
    parsePipeline(text, 'p.yaml')
      .problems.map(({ message }) => message)
      .join(),
    /does not have the source `latency`/,
  );
});
