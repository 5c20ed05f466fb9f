// The demo workspace is what it claims: a valid pipeline of seven stages, and two configurations that differ in three
// keys.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { changeConfiguration, configurationContent, writeDemoWorkspace } from '../../../src/demo/story/workspace.ts';

const servers = {
  newRelic: {
    url: 'http://127.0.0.1:4001',
    accountId: 4711001,
    apiKey: 'NRAK-DEMO',
    entityGuid: 'NDcxMTAwMXxBUE18QVBQTElDQVRJT058MTAwMQ',
  },
  sumoLogic: { endpoint: 'http://127.0.0.1:4002/api', accessId: 'suDemo', accessKey: 'key' },
  jenkins: { url: 'http://127.0.0.1:4003', user: 'demo', token: 'token', job: 'storefront' },
  fleet: { url: 'http://127.0.0.1:4004' },
};
const file = '.backstop/pipelines/storefront.yaml';

function withWorkspace(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-workspace-'));
  try {
    writeDemoWorkspace(folder, servers, {
      configuration: 'old',
      nodePath: 'C:\\Program Files\\node "24".exe',
      demoPath: '/opt/with blank/demo.js',
    });
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the pipeline file is valid, without a warning', () =>
  withWorkspace(folder => {
    const { pipeline, problems } = parsePipeline(readFileSync(join(folder, file), 'utf8'), file);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      pipeline!.stages.map(group => group.map(stage => stage.name)),
      [['Dev', 'Test'], ['Edu', 'Sandbox', 'Staging'], ['Approval'], ['Production']],
    );
    const production = pipeline!.stages[3]![0]!;
    assert.ok(production.kind === 'canary');
    assert.deepEqual(
      production.phases.map(phase => phase.nodes),
      [{ share: 0.2 }, { share: 0.5 }, { share: 1 }],
    );
    assert.equal(production.verification.missingData, 'hold');
    assert.deepEqual(production.onFailure, { kind: 'rollback' });
    const approval = pipeline!.stages[2]![0]!;
    assert.ok(approval.kind === 'approval');
    assert.deepEqual([approval.approvers, approval.starterMayApprove], [['jonas', 'sara'], false]);
  }));

test('hooks are run as programs with arguments, whatever their paths look like', () =>
  withWorkspace(folder => {
    const { pipeline } = parsePipeline(readFileSync(join(folder, file), 'utf8'), file);
    const commands = Object.values(pipeline!.hooks).map(
      hook => hook.kind === 'command' && [hook.command, hook.shell, hook.variables],
    );
    assert.deepEqual(
      commands,
      ['deploy', 'rollback', 'check'].map(action => [
        ['C:\\Program Files\\node "24".exe', '/opt/with blank/demo.js', 'hook', action],
        false,
        { DEMO_FLEET_URL: 'http://127.0.0.1:4004' },
      ]),
    );
  }));

test('no credential stands in the workspace', () =>
  withWorkspace(folder => {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const secret of [servers.newRelic.apiKey, servers.sumoLogic.accessKey, servers.sumoLogic.accessId])
      assert.ok(!text.includes(secret));
  }));

test('the configuration on disk is the one that is digested, and the new one differs in three keys', () =>
  withWorkspace(folder => {
    const read = () => readFileSync(join(folder, 'config/storefront.json'), 'utf8');
    assert.deepEqual(configurationContent('old').files, { 'config/storefront.json': read() });
    const old = read().split('\n');
    changeConfiguration(folder, 'new');
    assert.deepEqual(configurationContent('new').files, { 'config/storefront.json': read() });
    assert.equal(
      read()
        .split('\n')
        .filter((line, index) => line !== old[index]).length,
      3,
    );
    const { pipeline } = parsePipeline(readFileSync(join(folder, file), 'utf8'), file);
    assert.deepEqual(pipeline!.configuration, {
      files: Object.keys(configurationContent('old').files),
      variables: configurationContent('old').variables,
    });
  }));
