// `environment: production-${inputs.region}`: each value of the input is checked when the file is read.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { environmentsOf } from '../../../src/model/environmentChoice.ts';
import { allStages } from '../../../src/model/pipeline.ts';

const fileOf = ({
  region = '{ type: choice, values: [eu, us] }',
  environment = 'production-${inputs.region}',
  phases = '[{ nodes: 50% }, { nodes: 100% }]',
  more = '',
} = {}): string => `version: 1
service: shop
inputs:
  region: ${region}
environments:
  production-eu: { nodes: [eu-1, eu-2, eu-3, eu-4] }
  production-us: { nodes: [us-1, us-2] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  logs: { files: { logs: 'logs/{node}/*.log' } }
stages:
  - parallel:
    - stage: Production
      environment: ${environment}
      canary: { deploy: deploy, rollback: deploy, check: deploy, phases: ${phases} }
      verification: { duration: 5m }
${more}`;

const problemsOf = (parts: Parameters<typeof fileOf>[0]): readonly string[] =>
  parsePipeline(fileOf(parts), 'p.yaml').problems.map(({ line, code, message }) => `${line} ${code}: ${message}`);

describe('an environment that an input chooses', () => {
  test('is read with the environment of each value', () => {
    const { pipeline, problems } = parsePipeline(fileOf(), 'p.yaml');
    assert.deepEqual(problems, []);
    const [stage] = allStages(pipeline!);
    assert.ok(stage?.kind === 'canary');
    assert.deepEqual(stage.environmentChoice, {
      input: 'region',
      environments: { eu: 'production-eu', us: 'production-us' },
    });
    assert.deepEqual(environmentsOf(stage), ['production-eu', 'production-us']);
  });

  test('may be the value of the input alone', () => {
    const target = { region: '{ type: choice, values: [production-us], default: production-us }' };
    assert.deepEqual(problemsOf({ ...target, environment: '${inputs.region}' }), []);
  });

  const mistakes: readonly (readonly [string, Parameters<typeof fileOf>[0], readonly string[]])[] = [
    [
      'a value without an environment',
      { region: '{ type: choice, values: [eu, us, ap] }' },
      [
        '15 environment-not-declared: `region` can be `ap`, and there is no environment `production-ap`. ' +
          'Did you mean `production-eu`? Declare it under `environments`, or remove the value from the input.',
      ],
    ],
    [
      'an input that is not there',
      { environment: 'production-${inputs.regoin}' },
      ['15 unknown-input: There is no input `regoin`. Did you mean `region`?'],
    ],
    [
      'any text as the input',
      { region: '{ type: string }' },
      [
        '15 environment-not-enumerated: Only an input of type `choice` can choose an environment, so that each ' +
          'choice is checked here; `region` is a `string`.',
      ],
    ],
    [
      'an input that may be left out',
      { region: '{ type: choice, values: [eu], required: false }' },
      [
        '15 environment-not-chosen: The input `region` can be left out, and then no environment is chosen. ' +
          'Give it a `default`, or remove `required: false`.',
      ],
    ],
    [
      'two inputs in one name',
      { environment: '${inputs.region}-${inputs.region}' },
      [
        '15 wrong-form: Write the name of an environment, or one with an input in it, as in ' +
          '`production-${inputs.region}`.',
      ],
    ],
    [
      'a phase that one of the environments has too few nodes for',
      { phases: '[{ nodes: 3 }, { nodes: 100% }]' },
      ['16 phase-over-node-count: This phase takes 3 nodes, and the environment has 2.'],
    ],
    [
      'another stage at the same time in one of the environments',
      { more: '    - { stage: Again, environment: production-us, steps: [deploy] }' },
      [
        '18 environment-in-parallel: Two stages that run at the same time deploy to `production-us`. ' +
          'Put one of them after the other.',
      ],
    ],
  ];
  for (const [what, parts, expected] of mistakes)
    test(`${what} is a mistake of the file`, () => {
      const found = problemsOf(parts);
      assert.deepEqual(
        found.map(one => one.replace(/ \(found.*/, '')),
        expected,
      );
    });
});
