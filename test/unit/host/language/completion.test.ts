// Completion, as a person sees it who types.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { completionParts, labelsAt, snippets, splitAtCursor, take } from './cursor.ts';
import { completeAt } from '../../../../src/host/language/completion/completion.ts';
import { plainLine } from '../../../../src/host/language/completion/snippetParts.ts';

const head = `version: 1
service: storefront
inputs:
  region: { type: choice, values: [eu, us] }
  dry-run: { type: boolean }
connections:
  metrics: { newRelic: { account: 1, credential: nr } }
  ci: { jenkins: { url: https://ci.example.com, credential: ci } }
environments:
  dev: { nodes: [dev-01] }
  'eu west': { nodes: [eu-01] }
hooks:
  deploy: { command: [./deploy.sh] }
  rollback: { command: [./rollback.sh] }
healthSources:
  performance: { newRelic: { connection: metrics, metrics: { requests: { select: count(*), from: T, kind: count } } } }
`;

describe('keys', () => {
  test('of the file that are not there yet, the required ones first', () => {
    assert.deepEqual(labelsAt('version: 1\nname: a\n|').slice(0, 4), ['service', 'id', 'description', 'artifact']);
  });
  test('of a stage, on an empty line within it', () => {
    const labels = labelsAt(`${head}stages:\n  - stage: Dev\n    |\n    steps: [deploy]\n`);
    assert.ok(labels.includes('environment') && labels.includes('onFailure'), labels.join());
    assert.ok(!labels.includes('stage') && !labels.includes('steps'), labels.join());
  });
  test('of a stage, while a key is half written between others', () => {
    assert.equal(
      take(`${head}stages:\n  - stage: Dev\n    env|\n    steps: [deploy]\n`, 'environment'),
      `${head}stages:\n  - stage: Dev\n    environment: \n    steps: [deploy]\n`,
    );
  });
  test('behind a dash that begins a stage', () => {
    assert.equal(take(`${head}stages:\n  - |\n`, 'stage'), `${head}stages:\n  - stage: \n`);
  });
  test('of a map in braces', () => {
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: P\n    canary:\n      phases: [{ nodes: 20%, | }]\n`), [
      'weight',
      'settle',
      'verify',
      'during',
      'approval',
    ]);
    assert.deepEqual(labelsAt('environments:\n  dev: { nodes: [a], w| }\n'), ['whenBusy']);
  });
  test('an existing key is replaced, and its colon kept', () => {
    assert.equal(
      take(`${head}stages:\n  - stage: Dev\n    step|: [deploy]\n`, 'steps'),
      `${head}stages:\n  - stage: Dev\n    steps: [deploy]\n`,
    );
  });
  test('of a map behind an alternative of the schema', () => {
    assert.deepEqual(
      labelsAt(`${head}stages:\n  - stage: P\n    canary:\n      phases:\n        - verify:\n            |\n`),
      ['duration', 'sensitivity', 'sources'],
    );
  });
  test('bring the form of their value, indented below a dash', () => {
    assert.equal(take(`${head}stages:\n  - can|\n`, 'canary'), `${head}stages:\n  - canary:\n      \n`);
    assert.equal(take('connections:\n  ci: { | }\n', 'jenkins'), 'connections:\n  ci: { jenkins: {  } }\n');
  });
  test('survive broken lines in other places', () => {
    assert.deepEqual(labelsAt('version: 1\nhooks:\n  a: { command: [\n  b: "\nenvironments:\n  dev:\n    |\n'), [
      'nodes',
      'whenBusy',
    ]);
  });
  test('that do not fit beside the others are not offered', () => {
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: A\n    approval: { message: a }\n    |\n`), ['when']);
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: A\n    canary: { deploy: deploy }\n    |\n`), [
      'when',
      'environment',
      'timeout',
      'onFailure',
      'askFor',
      'verification',
    ]);
    assert.deepEqual(labelsAt('hooks:\n  a: { http: { url: https://a }, | }\n'), ['nodes', 'timeout', 'retry']);
    assert.deepEqual(labelsAt('connections:\n  a: { jenkins: {}, | }\n'), []);
  });
  test('carry description and default', () => {
    const { text, offset } = splitAtCursor('environments:\n  dev:\n    wh|\n');
    const found = completeAt(text, offset, completionParts()).find(one => one.label === 'whenBusy');
    assert.equal(
      found?.documentation,
      'What a run does if another run uses this environment: wait (`queue`) or fail (`refuse`).\n\nAllowed: ' +
        '`queue`, `refuse` · Default: `queue`',
    );
  });
});

describe('values', () => {
  test('out of a list, with the default marked', () => {
    assert.deepEqual(labelsAt('environments:\n  dev:\n    whenBusy: |\n'), ['queue', 'refuse']);
    assert.deepEqual(labelsAt('environments:\n  dev: { whenBusy: re| }\n'), ['queue', 'refuse']);
  });
  test('true and false', () => {
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: A\n    approval:\n      notTheStarter: |\n`), [
      'true',
      'false',
    ]);
  });
  test('the default, where there is one', () => {
    assert.deepEqual(labelsAt('hooks:\n  a:\n    timeout: |\n'), ['10m']);
  });
  test('names of environments, quoted where they need it', () => {
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: Dev\n    environment: |\n`), ['dev', 'eu west']);
    assert.equal(
      take(`${head}stages:\n  - stage: Dev\n    environment: production-\${|\n`, '${inputs.region}'),
      `${head}stages:\n  - stage: Dev\n    environment: production-\${inputs.region}\n`,
    );
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: Dev\n    environment: \${|\n`), ['${inputs.region}']);
    assert.match(
      take(`${head}stages:\n  - stage: Dev\n    environment: d|\n    steps: [deploy]\n`, 'dev'),
      /environment: dev\n {4}steps/,
    );
  });
  test('names of hooks in brackets and behind dashes', () => {
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: Dev\n    steps: [deploy, |]\n`), ['deploy', 'rollback']);
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: Dev\n    steps:\n      - deploy\n      - ro|\n`), [
      'deploy',
      'rollback',
    ]);
    assert.equal(
      take(`${head}stages:\n  - stage: Dev\n    steps:\n      |\n`, 'deploy'),
      `${head}stages:\n  - stage: Dev\n    steps:\n      - deploy\n`,
    );
    assert.deepEqual(labelsAt(`${head}stages:\n  - parallel:\n      - stage: Dev\n        rollback: |\n`), [
      'deploy',
      'rollback',
    ]);
  });
  test('connections of the kind that is needed', () => {
    assert.deepEqual(labelsAt(`${head}artifact:\n  jenkins:\n    connection: |\n`), ['ci']);
  });
  test('health sources and counts', () => {
    assert.deepEqual(labelsAt(`${head}stages:\n  - stage: P\n    verification: { sources: [|] }\n`), ['performance']);
    assert.deepEqual(labelsAt(`${head.trimEnd().slice(0, -6)}, errors: { per: | } } } }\n`), ['requests']);
  });
  test('nothing in comments, nor in texts', () => {
    assert.deepEqual(labelsAt('environments:\n  dev: # here |\n'), []);
    assert.deepEqual(labelsAt('service: a\ndescription: |\n'.replace('description: |', 'description: a b|')), []);
  });
});

describe('variables', () => {
  test('of hooks, where they are filled in', () => {
    assert.ok(
      labelsAt(`${head.replace('hooks:\n', 'hooks:\n  n: { http: { url: "https://a/${|" } }\n')}`).includes(
        '${BACKSTOP_INPUT_DRY_RUN}',
      ),
    );
    assert.match(
      take('hooks:\n  n:\n    http:\n      url: https://a/${BACKSTOP_V|\n', '${BACKSTOP_VERSION}'),
      /https:\/\/a\/\$\{BACKSTOP_VERSION\}\n$/,
    );
  });
  test('get quotes where braces would break the line', () => {
    assert.equal(
      take('hooks:\n  n: { command: [./deploy.sh, ${|] }\n', '${BACKSTOP_NODES}'),
      "hooks:\n  n: { command: [./deploy.sh, '${BACKSTOP_NODES}'] }\n",
    );
    assert.equal(
      take("hooks:\n  n: { command: [./deploy.sh, 'a ${|}'] }\n", '${BACKSTOP_NODES}'),
      "hooks:\n  n: { command: [./deploy.sh, 'a ${BACKSTOP_NODES}'] }\n",
    );
  });
  test('credentials by name', () => {
    assert.deepEqual(
      labelsAt(`${head.replace('hooks:\n', 'hooks:\n  n: { command: [a], variables: { TOKEN: "${|" } }\n')}`),
      ['${credential:ci}', '${credential:nr}'],
    );
    assert.deepEqual(labelsAt(`${head.replace('hooks:\n', 'hooks:\n  n: { http: { credential: | } }\n')}`), [
      'ci',
      'nr',
    ]);
  });
  test('nowhere else', () => {
    assert.deepEqual(labelsAt('service: ${|\n'), []);
  });
});

describe('conditions', () => {
  const stages =
    `${head}stages:\n  - stage: Dev\n    environment: dev\n    steps: [deploy]\n  - stage: ` +
    `Load test\n    environment: dev\n    steps: [deploy]\n  - stage: Last\n    `;
  test('begin with what can be compared', () => {
    assert.deepEqual(labelsAt(`${stages}when: |\n`), ['inputs.', 'stages.', 'version', 'true', 'false']);
  });
  test('inputs by name', () => {
    assert.equal(take(`${stages}when: inputs.re|\n`, 'region'), `${stages}when: inputs.region\n`);
  });
  test('stages that are before this one, in brackets where the name needs it', () => {
    assert.deepEqual(labelsAt(`${stages}when: stages.|\n`), ['Dev', 'Load test']);
    assert.equal(take(`${stages}when: "stages.|"\n`, 'Load test'), `${stages}when: "stages['Load test'].outcome"\n`);
  });
  test('outcomes and values of inputs', () => {
    assert.ok(labelsAt(`${stages}when: stages.Dev.outcome == |\n`).includes("'passed'"));
    assert.deepEqual(labelsAt(`${stages}when: inputs.region == '|'\n`), ["'eu'", "'us'"]);
    assert.equal(take(`${stages}when: inputs.region == 'e|'\n`, "'eu'"), `${stages}when: inputs.region == 'eu'\n`);
    assert.deepEqual(labelsAt(`${stages}when: inputs.dry-run == |\n`), ['true', 'false']);
  });
});

describe('whole parts', () => {
  test('of stages, also before their dash is there', () => {
    assert.deepEqual(
      labelsAt('stages:\n  - |\n').filter(label => label.includes(' ')),
      ['deploy stage', 'canary stage', 'approval stage', 'parallel stages'],
    );
    assert.match(
      take('stages:\n  |\n', 'canary stage'),
      /^stages:\n {2}- stage: Production\n {4}environment: production\n {4}canary:\n {6}deploy/,
    );
    assert.match(
      take('stages:\n  - |\n', 'approval stage'),
      /^stages:\n {2}- stage: Approval\n {4}approval:\n {6}message/,
    );
  });
  test('of hooks by what they do', () => {
    assert.match(
      take('hooks:\n  |\n', 'command hook'),
      /^hooks:\n {2}deploy:\n {4}command: \[\.\/deploy\.sh\]\n {4}nodes: each/,
    );
  });
  test('of files are good pipelines with their defaults', () => {
    const files = JSON.parse(
      readFileSync(new URL('../../../../media/snippets/pipeline.json', import.meta.url), 'utf8'),
    ) as Record<string, { readonly prefix: string; readonly body: readonly string[] }>;
    assert.equal(Object.keys(files).length, 2);
    for (const { prefix, body } of Object.values(files))
      assert.deepEqual(parsePipeline(body.map(plainLine).join('\n'), 'a.yaml').problems, [], prefix);
  });
  test('every one is a good part of a pipeline', () => {
    for (const [section, parts] of Object.entries(snippets)) {
      for (const { label, body } of parts) {
        const lines = body.map(plainLine);
        const indent = (index: number): string => (section !== 'stages' ? '  ' : index === 0 ? '  - ' : '    ');
        const indented = lines.map((line, index) => `${indent(index)}${line}`);
        const text = `version: 1\nservice: a\n${section}:\n${indented.join('\n')}\n`;
        const { problems } = parsePipeline(text, 'a.yaml');
        const about = problems.filter(
          ({ code }) =>
            !/^(?:unknown-(?:hook|environment|connection)|missing-key|unused-hook|no-health-source)$/.test(code),
        );
        assert.deepEqual(about, [], `${label}\n${text}`);
      }
    }
  });
});
