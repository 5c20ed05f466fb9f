// Quick fixes: what they are called, and that the problem is gone once one was taken.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { definitions } from '../../../../src/vendors/definitions.ts';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import type { QuickFix } from '../../../../src/host/language/fixes/quickFix.ts';
import { fixesOf } from '../../../../src/host/language/fixes/quickFixes.ts';
import { applyEdits } from '../../../../src/host/language/texts.ts';
import { fixture, readTree, schema, t } from './cursor.ts';

const base = `version: 1
service: a
environments: { dev: { nodes: [dev-01, dev-02, dev-03] } }
hooks:
  deploy: { command: [./deploy.sh] }
stages:
  - stage: Dev
    environment: dev
    steps: [deploy]
`;

function fixes(text: string, code: string): readonly QuickFix[] {
  const problem = parsePipeline(text, 'a.yaml').problems.find(one => one.code === code);
  assert.ok(problem, `${code} is not reported:\n${text}`);
  return fixesOf(problem, readTree(text), { schema, vendors: definitions, t });
}

/** The text after the first fix, or the one with this title. */
function fixed(text: string, code: string, title?: string): string {
  const all = fixes(text, code);
  const one = title === undefined ? all[0] : all.find(fix => fix.title === title);
  assert.ok(one, `no ${title ?? 'fix'} among: ${all.map(fix => fix.title).join('; ')}`);
  return applyEdits(text, one.edits);
}

const change = (from: string, to: string): string => {
  assert.ok(base.includes(from));
  return base.replace(from, to);
};

describe('words that were meant', () => {
  const cases: readonly [code: string, wrong: string][] = [
    ['unknown-key', change('steps:', 'step:')],
    ['unknown-hook', change('steps: [deploy]', 'steps: [deplyo]')],
    ['unknown-environment', change('environment: dev', 'environment: dve')],
    ['value-not-allowed', change('nodes: [dev-01, dev-02, dev-03]', 'nodes: [dev-01], whenBusy: que')],
    ['value-not-allowed', change('version: 1', "version: '1'")],
    [
      'unknown-input',
      `inputs: { region: {} }\n${change('steps: [deploy]', "steps: [deploy]\n    when: inputs.regoin == 'eu'")}`,
    ],
    [
      'unknown-stage',
      `${base}  - stage: Next\n    environment: dev\n    steps: [deploy]\n    when: ` +
        `stages['Dve'].outcome == 'passed'\n`,
    ],
    [
      'unknown-outcome',
      `${base}  - stage: Next\n    environment: dev\n    steps: [deploy]\n    when: stages.Dev.outcome == 'pased'\n`,
    ],
    ['bad-condition', change('steps: [deploy]', "steps: [deploy]\n    when: version = '1'")],
    ['never-equal', change('steps: [deploy]', 'steps: [deploy]\n    when: version == 1')],
    ['rollback-without-hook', change('steps: [deploy]', 'steps: [deploy]\n    onFailure: rollback')],
  ];
  for (const [code, wrong] of cases) {
    test(`${code}: ${
      wrong
        .split('\n')
        .find((line, index) => line !== base.split('\n')[index])
        ?.trim() ?? ''
    }`, () => {
      const right = fixed(wrong, code);
      assert.deepEqual(parsePipeline(right, 'a.yaml').problems, [], right);
    });
  }
  test('keep the quotes that a name has', () => {
    assert.ok(
      fixed(change('environment: dev', 'environment: "dve"'), 'unknown-environment').includes('environment: "dev"'),
    );
  });
});

describe('declarations that are missing', () => {
  test('are put into their section', () => {
    const right = fixed(
      change('steps: [deploy]', 'steps: [deploy, Smoke test]'),
      'unknown-hook',
      'Declare Smoke test under hooks',
    );
    assert.ok(
      right.includes('  deploy: { command: [./deploy.sh] }\n  Smoke test: { command: [./smoke-test.sh] }\n'),
      right,
    );
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('are put into a section in braces', () => {
    const right = fixed(
      change('environment: dev', 'environment: production'),
      'unknown-environment',
      'Declare production under environments',
    );
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('make the section where there is none', () => {
    const right = fixed(change('steps: [deploy]', 'steps: [deploy]\n    when: inputs.fast'), 'unknown-input');
    assert.ok(right.includes('inputs:\n  fast: { type: string }\nstages:'), right);
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
});

describe('how it is written', () => {
  test('tabs become spaces', () => {
    const right = fixed(base.replaceAll(/^ {4}/gm, '\t\t'), 'yaml-tab-as-indent');
    assert.equal(right, base);
  });
  test('a condition that begins with ! gets quotes', () => {
    const wrong =
      'inputs: { fast: { type: boolean } ' +
      `}\n${change('steps: [deploy]', 'steps: [deploy]\n    when: !inputs.fast # not then')}`;
    const right = fixed(wrong, 'yaml-tag');
    assert.ok(right.includes("when: '!inputs.fast' # not then\n"), right);
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('a condition with quotes in it, in braces too', () => {
    const stage = '  - stage: Dev\n    environment: dev\n    steps: [deploy]',
      inBraces = "  - { stage: Dev, environment: dev, when: !(inputs.fast == 'a'), steps: [deploy] }";
    const wrong = `inputs: { fast: {} }\n${change(stage, inBraces)}`;
    const right = fixed(wrong, 'yaml-tag');
    assert.ok(right.includes('when: "!(inputs.fast == \'a\')", steps'), right);
  });
  test('text, lists, durations and shares', () => {
    for (const [code, from, to, expected] of [
      ['wrong-type', 'service: a', 'service: 12', "service: '12'"],
      ['wrong-type', 'steps: [deploy]', 'steps: deploy', 'steps: [deploy]'],
      ['wrong-type', 'steps: [deploy]', 'steps: [deploy]\n    timeout: 90', 'timeout: 90s'],
      ['bad-duration', 'steps: [deploy]', 'steps: [deploy]\n    timeout: "90"', 'timeout: 90s'],
      [
        'bad-share',
        'steps: [deploy]',
        'canary: { deploy: deploy, rollback: deploy, phases: [{ nodes: 0.2 }] }',
        'nodes: 20%',
      ],
    ] as const)
      assert.ok(fixed(change(from, to), code).includes(expected), to);
  });
  test('a command for a shell is one text, with what the shell needs', () => {
    const right = fixed(
      change('{ command: [./deploy.sh] }', '{ command: [./deploy.sh, two words, $X], shell: true }'),
      'shell-command-not-text',
    );
    assert.ok(right.includes("command: './deploy.sh ''two words'' $X', shell: true"), right);
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('a command without a shell is a list, or gets a shell', () => {
    const wrong = change('{ command: [./deploy.sh] }', '{ command: ./deploy.sh --fast }');
    assert.deepEqual(
      fixes(wrong, 'command-not-a-list').map(fix => fix.title),
      ['Make the command a list', 'Run it with a shell'],
    );
    for (const { edits } of fixes(wrong, 'command-not-a-list'))
      assert.deepEqual(parsePipeline(applyEdits(wrong, edits), 'a.yaml').problems, []);
  });
});

describe('what is too much or missing', () => {
  test('a key that stands twice goes with its lines', () => {
    assert.equal(
      fixed(
        change('    steps: [deploy]\n', '    steps: [deploy]\n    steps:\n      - deploy # again\n'),
        'duplicate-key',
      ),
      base,
    );
  });
  test('a node that stands twice goes with its comma', () => {
    assert.equal(fixed(change('dev-02, ', 'dev-02, dev-02, '), 'duplicate-node'), base);
  });
  test('a key that does not fit goes', () => {
    assert.equal(fixed(change('steps: [deploy]\n', 'steps: [deploy]\n    askFor: 5m\n'), 'ask-for-without-ask'), base);
  });
  test('a hook that nothing uses goes', () => {
    assert.equal(fixed(change('stages:', '  other:\n    command: [a]\n    nodes: each\nstages:'), 'unused-hook'), base);
  });
  test('required keys come, empty', () => {
    const right = fixed(
      change('    environment: dev\n    steps: [deploy]', '    approval: { minimum: 1 }'),
      'missing-key',
    );
    assert.ok(right.includes("approval: { minimum: 1, message: '' }"), right);
  });
  test('a stage without environment gets one of those that are there', () => {
    assert.deepEqual(parsePipeline(fixed(change('    environment: dev\n', ''), 'missing-key'), 'a.yaml').problems, []);
  });
  test('a last phase with all nodes', () => {
    for (const phases of ['[{ nodes: 1 }]', '\n        - { nodes: 1 }']) {
      const right = fixed(
        change(
          'steps: [deploy]',
          `canary:\n      deploy: deploy\n      rollback: deploy\n      check: deploy\n      phases: ${phases}`,
        ),
        'last-phase-not-all',
      );
      assert.deepEqual(
        parsePipeline(right, 'a.yaml').problems.map(problem => problem.code),
        ['canary-without-verification'],
        right,
      );
    }
  });
});

describe('an environment that an input chooses', () => {
  const choice = (values: string, block = false): string =>
    base
      .replace('environment: dev', "environment: '${inputs.target}'")
      .replace('environments: { dev: {', block ? 'environments:\n  dev: {' : 'environments: { dev: {')
      .replace('dev-03] } }', block ? 'dev-03] }' : 'dev-03] } }') +
    `inputs:\n  target: { type: choice, values: ${values} }\n`;
  const code = 'environment-not-declared';
  const titles = (text: string) => fixes(text, code).map(({ title }) => title);
  test('is declared, or its value removed', () => {
    const wrong = choice('[dev, test, prod]');
    assert.deepEqual(titles(wrong), [
      'Declare test under environments',
      'Declare prod under environments',
      'Remove test from the values of target',
      'Remove prod from the values of target',
    ]);
    const declared = fixed(wrong, code);
    assert.deepEqual(titles(declared), ['Declare prod under environments', 'Remove prod from the values of target']);
    const right = fixed(declared, code, 'Remove prod from the values of target');
    assert.match(right, /values: \[dev, test\] }/);
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('is declared in a map of several lines too; the only value is not removed', () => {
    const wrong = choice('[prod]', true);
    assert.deepEqual(titles(wrong), ['Declare prod under environments']);
    const right = fixed(wrong, code);
    assert.match(right, /\n {2}prod: { nodes: \[prod-01\] }\n/);
    assert.deepEqual(
      parsePipeline(right, 'a.yaml').problems.filter(one => one.severity === 'error'),
      [],
    );
  });
});

describe('credentials in the file', () => {
  const connection = (inner: string): string =>
    base.replace('hooks:', `connections:\n  build server: { jenkins: ${inner} }\nhooks:`);
  const key = `NRAK-${'A1B2C3D4E5F6'}`;
  test('give way to a name where one is wanted', () => {
    assert.ok(
      fixed(connection(`{ url: https://ci, credential: ${key} }`), 'secret-in-file').includes(
        'credential: build-server }',
      ),
    );
  });
  test('leave a URL', () => {
    const right = fixed(connection('{ url: "https://me:word@ci.example.com/x" }'), 'url-with-credentials');
    assert.ok(right.includes('{ url: "https://ci.example.com/x", credential: build-server }'), right);
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('leave a key that does not exist', () => {
    const right = fixed(connection('{ url: https://ci, password: Tr0ub4dor&3x }'), 'possible-secret');
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, [], right);
  });
  test('leave the variables of a hook', () => {
    const right = fixed(
      change('{ command: [./deploy.sh] }', `{ command: [./deploy.sh], variables: { DB_TOKEN: ${'kT9#xYz12345'} } }`),
      'possible-secret',
    );
    assert.ok(right.includes("variables: { DB_TOKEN: '${credential:db-token}' } }"), right);
    assert.deepEqual(parsePipeline(right, 'a.yaml').problems, []);
  });
  test('leave the headers of a request', () => {
    const right = fixed(
      change(
        '{ command: [./deploy.sh] }',
        `{ http: { url: https://a, headers: { X: a, Authorization: Bearer ${'abcdefghijklmnopqrst'} } } }`,
      ),
      'secret-in-file',
    );
    assert.ok(right.includes('headers: { X: a }, credential: deploy }'), right);
  });
});

test('the fix that is preferred removes the problem, in every broken fixture that has one', () => {
  const folder = new URL('../../../fixtures/pipelines/broken/', import.meta.url);
  const left: string[] = [];
  for (const file of readdirSync(folder).filter(name => name.endsWith('.yaml'))) {
    const text = fixture(`broken/${file}`).replace(/^\uFEFF/, '');
    if (text.length > 50_000) continue;
    const { problems } = parsePipeline(text, file);
    for (const problem of problems) {
      const fix = fixesOf(problem, readTree(text), { schema, vendors: definitions, t }).find(one => one.preferred);
      if (!fix) continue;
      const after = parsePipeline(applyEdits(text, fix.edits), file).problems;
      const same = (one: typeof problem): boolean => one.code === problem.code && one.message === problem.message;
      if (after.filter(same).length >= problems.filter(same).length) left.push(`${file} ${problem.code}: ${fix.title}`);
    }
  }
  assert.deepEqual(left, []);
});
