// Good files: what they become, what is assumed where they are silent, and what they are warned of.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { SumoMetric } from '../../../src/vendors/sumoLogic/options.ts';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/pipelines');
function readFixture(name: string): string {
  return readFileSync(join(fixtures, name), 'utf8');
}

const retry = { attempts: 1, delayMs: 5_000, factor: 2, maxDelayMs: 60_000 };

describe('parsePipeline', () => {
  test('a minimal file means the defaults', () => {
    const expected: Pipeline = {
      name: 'minimal',
      file: '.backstop/pipelines/minimal.yaml',
      service: 'storefront',
      artifact: { kind: 'version' },
      inputs: [],
      configuration: { files: [], variables: {} },
      connections: {},
      environments: { dev: { name: 'dev', nodes: ['dev-01'], whenBusy: 'queue' } },
      hooks: {
        deploy: {
          name: 'deploy',
          kind: 'command',
          command: ['./deploy.sh'],
          shell: false,
          directory: '.',
          variables: {},
          nodes: 'together',
          timeoutMs: 600_000,
          retry,
        },
      },
      healthSources: {},
      stages: [
        [
          {
            kind: 'deploy',
            name: 'Dev',
            environment: 'dev',
            steps: ['deploy'],
            timeoutMs: 1_800_000,
            retry,
            onFailure: { kind: 'stop' },
          },
        ],
      ],
      unattended: { afterMs: 1_800_000, act: 'rollback' },
    };
    assert.deepEqual(parsePipeline(readFixture('minimal.yaml'), '.backstop/pipelines/minimal.yaml'), {
      pipeline: expected,
      problems: [],
    });
  });

  test('nodes that a command lists are not known before it is asked', () => {
    const text = readFixture('minimal.yaml').replace(
      '[dev-01]',
      '{ command: [./list.sh, 1], environment: [KUBECONFIG] }',
    );
    const { pipeline, problems } = parsePipeline(text, 'minimal.yaml');
    assert.deepEqual(problems, []);
    assert.deepEqual(pipeline?.environments['dev'], {
      ...{ name: 'dev', nodes: [], whenBusy: 'queue' },
      nodesCommand: {
        ...{ command: ['./list.sh', '1'], directory: '.', variables: {}, environment: ['KUBECONFIG'] },
        timeoutMs: 20_000,
      },
    });
  });

  test('a node may have a weight, and the others then have one too', () => {
    const parse = (nodes: string) =>
      parsePipeline(readFixture('minimal.yaml').replace('[dev-01]', nodes), 'minimal.yaml');
    const { pipeline, problems } = parse('[{ name: dev-01, weight: 2.5 }, dev-02]');
    assert.deepEqual(problems, []);
    const { nodes, weights } = pipeline!.environments['dev']!;
    assert.deepEqual([nodes, weights], [['dev-01', 'dev-02'], { 'dev-01': 2.5, 'dev-02': 1 }]);
    assert.equal(parse('[dev-01, dev-02]').pipeline?.environments['dev']?.weights, undefined);
    assert.deepEqual(
      [
        '[{ name: dev-01 }, dev-01]',
        '[{ name: dev-01, weight: -1 }]',
        '[{ weight: 2 }]',
        '["dev 01"]',
        '[[dev-01]]',
      ].map(text =>
        parse(text)
          .problems.map(({ code }) => code)
          .join(),
      ),
      ['duplicate-node', 'out-of-range', 'missing-key', 'wrong-form', 'wrong-type'],
    );
  });

  test('a file with every key becomes exactly the pipeline that is kept beside it', () => {
    const result = parsePipeline(readFixture('complete.yaml'), 'complete.yaml');
    assert.deepEqual(result.problems, []);
    assert.deepEqual(JSON.parse(JSON.stringify(result.pipeline)), JSON.parse(readFixture('complete.json')));
  });

  test('a canary without sources named verifies with all of the file', () => {
    const [stage] = parsePipeline(readFixture('canary.yaml'), 'canary.yaml').pipeline?.stages[0] ?? [];
    assert.ok(stage?.kind === 'canary');
    assert.deepEqual(stage.verification, {
      sources: ['quality'],
      durationMs: 600_000,
      intervalMs: 15_000,
      sensitivity: 'medium',
      historyMs: 1_800_000,
      missingData: 'hold',
      holdForMs: 1_800_000,
      proofMs: 60_000,
    });
    assert.deepEqual(
      stage.phases.map(phase => phase.verify),
      [
        { durationMs: 600_000, sensitivity: 'medium' },
        { durationMs: 600_000, sensitivity: 'medium' },
      ],
    );
    assert.deepEqual([stage.onFailure, stage.timeoutMs], [{ kind: 'rollback' }, 43_200_000]);
  });
});

describe('parsePipeline warns, and still gives the pipeline, of', () => {
  const canary = readFixture('canary.yaml');
  const cases: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'a canary without a verification': [
      canary.replace('    verification: { duration: 10m }\n', ''),
      ['canary-without-verification'],
    ],
    'a canary without a check hook': [
      canary.replace('      check: check\n', ''),
      ['unused-hook', 'canary-without-check'],
    ],
    'a hook that no stage uses': [canary.replace('hooks:\n', 'hooks:\n  old: { command: [x] }\n'), ['unused-hook']],
    'a verification that no phase does': [
      canary.replace('{ nodes: 20% }, { nodes: 100% }', '{ nodes: 100%, verify: false }'),
      ['unused-verification'],
    ],
    'phases that leave nodes behind': [canary.replace('{ nodes: 100% }', '{ nodes: 4 }'), ['last-phase-not-all']],
    'what looks like a password': [
      `${canary}configuration: { variables: { DB_PASSWORD: kT9vLq2xZrMm } }\n`,
      ['possible-secret'],
    ],
    'a comparison that never holds': [canary.replace("== 'eu'", "== 'asia'"), ['never-equal']],
    'a starter who blocks the approval': [
      `${canary}  - { stage: Ask, approval: { message: Go?, by: [jonas], notTheStarter: true } }\n`,
      ['starter-blocks-approval'],
    ],
  };
  for (const [name, [text, codes]] of Object.entries(cases)) {
    test(name, () => {
      const { pipeline, problems } = parsePipeline(text, 'canary.yaml');
      assert.deepEqual(
        problems.map(problem => [problem.code, problem.severity]),
        codes.map(code => [code, 'warning']),
      );
      assert.ok(pipeline);
    });
  }

  test('a counter is a count that the source tells as where it stands, and may be what a share is of', () => {
    const text = canary.replace(
      /healthSources:[\s\S]*?\nstages:/,
      `healthSources:
  quality:
    sumoLogic:
      connection: logs
      metrics:
        requests: { query: metric=http_requests_total, kind: cumulative, direction: decrease }
        errors: { query: metric=http_errors_total, kind: cumulative, per: requests }
stages:`,
    );
    const { pipeline, problems } = parsePipeline(text, 'x.yaml');
    const source = pipeline?.healthSources['quality'];
    assert.ok(source?.kind === 'metrics', JSON.stringify(problems));
    assert.deepEqual(
      source.metrics.map(({ name, kind, isCumulative, denominator, options }) => [
        name,
        kind,
        isCumulative,
        denominator,
        (options as SumoMetric['options']).rollup,
      ]),
      [
        ['requests', 'count', true, undefined, 'max'],
        ['errors', 'count', true, 'requests', 'max'],
      ],
    );
  });
  test('a histogram has bounds that ascend, and nothing that means nothing to it', () => {
    const with_ = (metric: string) =>
      parsePipeline(
        canary.replace(
          /healthSources:[\s\S]*?\nstages:/,
          `healthSources:
  quality: { sumoLogic: { connection: logs, metrics: { latency: { query: metric=http_seconds_bucket, ${metric} } } } }
stages:`,
        ),
        'x.yaml',
      );
    const source = with_('kind: histogram, bounds: [0.1, 0.5]').pipeline?.healthSources['quality'];
    assert.ok(source?.kind === 'metrics');
    assert.deepEqual(
      [source.metrics[0]?.kind, source.metrics[0]?.histogram],
      ['gauge', { bounds: [0.1, 0.5], percentile: 95 }],
    );
    const codes = (metric: string): readonly string[] =>
      with_(metric)
        .problems.filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
    assert.deepEqual(
      [
        codes('kind: histogram'),
        codes('kind: histogram, bounds: [1, 0.5]'),
        codes('kind: histogram, bounds: [1], floor: 3'),
        codes('bounds: [1]'),
        codes('kind: histogram, bounds: [1], per: latency').includes('share-of-gauge'),
        codes('percentile: 99'),
      ],
      [
        ['missing-bounds'],
        ['bounds-not-ascending'],
        ['key-does-not-fit'],
        ['key-does-not-fit'],
        true,
        ['key-does-not-fit'],
      ],
    );
  });
  test('a baseline is chosen by itself, pinned, or a run by its number', () => {
    const with_ = (baseline: string) => {
      const { pipeline, problems } = parsePipeline(
        canary.replace('{ duration: 10m }', `{ duration: 10m, baseline: ${baseline} }`),
        'x.yaml',
      );
      const [stage] = pipeline?.stages[0] ?? [];
      return stage?.kind === 'canary' ? stage.verification.baseline : problems.map(({ message }) => message);
    };
    assert.deepEqual(['auto', 'pinned', 'run 12'].map(with_), [undefined, 'pinned', { run: 12 }]);
    for (const wrong of ['run 0', 'run twelve', '12', 'runs 3'])
      assert.match(String(with_(wrong)), /A baseline is `auto`, `pinned`, or a run by its number: `run 12`\./, wrong);
  });
  test('a canary without a verification: no phase then verifies', () => {
    const [stage] =
      parsePipeline(cases['a canary without a verification']?.[0] ?? '', 'x.yaml').pipeline?.stages[0] ?? [];
    assert.ok(stage?.kind === 'canary');
    assert.deepEqual([stage.phases.map(phase => phase.verify), stage.verification.sources], [[false, false], []]);
  });
});
