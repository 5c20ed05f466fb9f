// What check-sources says of health sources on this machine, before anything is deployed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { describeSourceCheck, type SourceCheckText } from '../../../src/protocol/report/sourceCheckText.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import { at, setStage, type Stage } from './stage.ts';

async function check(
  context: TestContext,
  source: string,
  prepare: (stage: Stage) => void = () => {},
): Promise<SourceCheckText> {
  const stage = setStage(context, source);
  prepare(stage);
  const { outside, pipeline } = stage;
  const checks = createSourceChecks({
    ...outside,
    // What is missing is looked for again a second later, which here has passed.
    clock: { ...outside.clock, sleep: () => Promise.resolve() },
    healthSources: createHealthSources(outside),
    markers: createMarkers(outside),
  });
  const request = { pipeline, isNew: () => false };
  const [found] = await checks.check(request, () => {}, new AbortController().signal);
  const told = describeSourceCheck(found!);
  return { ...told, title: told.title.replace(/, [^,]*$/, '') };
}

const print = (text: string): string => `[${process.execPath}, -e, 'console.log(${JSON.stringify(text)})']`;

test('log files of some nodes: what is there is shown, what is not is named', async context => {
  const told = await check(context, "{ files: { logs: 'logs/{node}/*.log' } }", stage =>
    stage.write('logs/node-1/app.log', `${at(stage.now - 3_600_000)} INFO up\n`, stage.now - 3_600_000),
  );
  assert.equal(told.title, 'local (logs)');
  assert.equal(told.standing, 'missing');
  assert.match(told.problems.join(), /knows nothing of node node-2 of production/);
  assert.match(told.found.join(), /1 of 2 nodes seen \(node-1\); not seen: node-2/);
  assert.deepEqual(told.asked, ['logs/node-1/*.log', 'logs/node-2/*.log']);
});

test('log files without times are seen by their latest change', async context => {
  const told = await check(context, "{ files: { logs: '{node}.log' } }", stage => {
    for (const node of ['node-1', 'node-2']) stage.write(`${node}.log`, 'started\nup\n', stage.now - 7_200_000);
  });
  assert.deepEqual([told.standing, told.problems], ['good', []]);
});

test('a path that names nothing is told once', async context => {
  const told = await check(context, "{ files: { logs: 'log/{node}/*.log' } }");
  assert.deepEqual(told.problems, [
    'Health source "local": no file is named log/{node}/*.log. ' +
      'The path is relative to the workspace folder; `{node}` stands for the name of a node.',
  ]);
});

test('a counter is seen though nothing was counted yet, and a series that is not there is named', async context => {
  const text = '# TYPE requests counter\nrequests 5';
  const told = await check(
    context,
    `{ command: { values: ${print(text)}, metrics: { requests: { kind: count }, rate: { series: requets } } } }`,
  );
  assert.equal(told.standing, 'missing');
  assert.deepEqual(told.problems, [
    'Health source "local": metric "rate" had no value on any node. Check `series`: requets',
  ]);
  assert.match(told.found.join(), /requests: node-1 0 at .* and node-2 0 at/);
});

test('a program that does not exist prevents a run', async context => {
  const told = await check(context, '{ command: { logs: [./no-such-program] } }');
  assert.equal(told.standing, 'missing');
  assert.match(told.problems.join(), /could not be started: there is no program "\.\/no-such-program"/);
});

test('a script is not asked before a deployment: only whether it can be started', async context => {
  const good = await check(context, `{ script: { command: ${print('nothing is asked')} } }`);
  assert.equal(good.title, 'local (measurement)');
  assert.deepEqual([good.standing, good.problems, good.found], ['good', [], []]);
  const missing = await check(context, '{ script: { command: [./missing.sh] } }');
  assert.equal(missing.standing, 'missing');
  assert.match(missing.problems.join(), /Health source "local" could not be started: there is no program/);
});
