// Pipelines by name, by path, or the only one; validate prints what compilers print.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Problem } from '../../../src/model/problem.ts';
import { backstop } from './fakes.ts';
import { promotedStory } from './stories.ts';
import { createWorkspace } from './workspace.ts';

const problem: Problem = {
  file: '.backstop/pipelines/storefront.yaml',
  line: 3,
  column: 7,
  endLine: 3,
  endColumn: 9,
  severity: 'error',
  code: 'unknown-key',
  message: 'Unknown key.',
  found: 'stagse',
  allowed: ['stages'],
};

suite('finding a pipeline', () => {
  for (const given of [[], ['storefront'], ['.backstop/pipelines/storefront.yaml'], ['storefront.yaml']] as const) {
    test(`as ${JSON.stringify(given)}`, async context => {
      const folder = createWorkspace(context);
      const cwd = given[0] === 'storefront.yaml' ? join(folder, '.backstop/pipelines') : folder;
      const { status, asked } = await backstop(
        ['run', ...given, '--version', '2.14.0', '--input', 'ticket=OPS-1', '--approve'],
        { cwd, story: promotedStory },
      );
      assert.equal(status, 0);
      const [request] = asked as {
        pipeline: { name: string };
        version: string;
        inputs: object;
        by: object;
        approve: boolean;
      }[];
      assert.deepEqual(
        [request?.pipeline.name, request?.version, request?.inputs, request?.by, request?.approve],
        ['storefront', '2.14.0', { ticket: 'OPS-1' }, { name: 'maria', via: 'cli' }, true],
      );
    });
  }

  test('among several one must be named', async context => {
    const cwd = createWorkspace(context, ['checkout.yaml', 'storefront.yaml']);
    assert.match((await backstop(['plan'], { cwd })).err, /There are 2 pipelines\. Which one\?/);
  });
  test('an unknown name is met with a near one', async context => {
    const { status, err } = await backstop(['plan', 'storefrnot'], { cwd: createWorkspace(context) });
    assert.match(err, /There is no pipeline "storefrnot"\. Did you mean storefront\?/);
    assert.equal(status, 3);
  });
  test('a folder without pipelines says where they belong', async context => {
    assert.match(
      (await backstop(['plan'], { cwd: createWorkspace(context, []) })).err,
      /\.backstop\/pipelines\/ has no YAML file here/,
    );
  });
  test('a missing file is named', async context => {
    assert.match(
      (await backstop(['plan', 'x/missing.yaml'], { cwd: createWorkspace(context) })).err,
      /x\/missing\.yaml cannot be read/,
    );
  });
  test('a broken file is not run: its mistakes are printed', async context => {
    const { status, err, asked } = await backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      problems: [problem],
    });
    assert.match(
      err,
      /storefront\.yaml has a mistake:\n\.backstop\/pipelines\/storefront\.yaml:3:7 error: Unknown key\. Found: stagse\. Allowed: stages\./,
    );
    assert.deepEqual([status, asked], [3, []]);
  });
});

suite('validate', () => {
  test('prints problems as editors link them and ends with 3', async context => {
    const { status, out, err } = await backstop(['validate'], {
      cwd: createWorkspace(context),
      problems: [problem, { ...problem, line: 9, severity: 'warning' }],
    });
    assert.equal(
      out,
      '.backstop/pipelines/storefront.yaml:3:7 error: Unknown key. Found: stagse. Allowed: ' +
        'stages.\n.backstop/pipelines/storefront.yaml:9:7 warning: Unknown key. Found: stagse. Allowed: ' +
        'stages.\n1 mistake in 1 file, 1 warning\n',
    );
    assert.deepEqual([status, err], [3, '']);
  });
  test('warnings alone are no mistake', async context => {
    const { status, out } = await backstop(['validate', '--json'], {
      cwd: createWorkspace(context),
      problems: [{ ...problem, severity: 'warning' }],
    });
    assert.deepEqual(
      [status, JSON.parse(out)],
      [
        0,
        { ok: true, files: ['.backstop/pipelines/storefront.yaml'], problems: [{ ...problem, severity: 'warning' }] },
      ],
    );
  });
});
