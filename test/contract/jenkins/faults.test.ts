// The fault matrix of Jenkins: the builds to choose from, a build started and followed to its end, and one that is told
// to end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createArtifacts } from '../../../src/vendors/artifacts.ts';
import { runJenkinsHook } from '../../../src/vendors/jenkins/hook.ts';
import type { HookOutcome } from '../../../src/model/runs/runEvents.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { Ending, MatrixStage } from '../faults/faultMatrix.ts';
import { hookRequest, jenkinsStage } from './stage.ts';
import type { JenkinsStage, JenkinsStageOptions } from './stage.ts';
import type { Transport } from '../faults/vendors.ts';

const listed = '3 out/3.tgz, 2 Build 2 of shop ended as FAILURE., 1 out/1.tgz';

async function listBuilds({ vendors, connection }: JenkinsStage, expected = listed): Promise<Ending> {
  const source = {
    kind: 'build',
    vendor: 'jenkins',
    title: 'Jenkins',
    connection: 'ci',
    job: 'shop',
    watch: 'off',
    options: { version: 'number', file: 'out/*.tgz' },
  } as const;
  const found = await createArtifacts(vendors).list(source, connection, 10, new AbortController().signal);
  if (!found.ok) return { data: 'none', failure: found.failure };
  const seen = found.value
    .map(({ artifact, refused }) => `${artifact.version} ${artifact.build?.file?.path ?? refused}`)
    .join(', ');
  return seen === expected ? { data: 'right' } : { data: 'wrong', found: seen };
}

/** A build that is under way at the first look, and over at the second. */
async function listLate(stage: JenkinsStage): Promise<Ending> {
  await stage.post('/job/shop/buildWithParameters?delay=0sec', { N: '4', MS: '30000' });
  const early = await listBuilds(stage, `4 Build 4 of shop still runs., ${listed}`);
  await stage.vendors.clock.sleep(60_000);
  return early.data === 'right' ? listBuilds(stage, `4 out/4.tgz, ${listed}`) : early;
}

const clocksOfJenkins = {
  'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
  'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
  'node clocks 5 min ahead': { noMeaning: 'what Jenkins tells bears its own time alone' },
  'node clocks 5 min behind': { noMeaning: 'what Jenkins tells bears its own time alone' },
} as const;

/**
 * Right is the build's own end, known; "could not tell" is a failure that is not the build's. Two builds of one call
 * are wrong however they end.
 * `lines`: what its console must show, unless it says itself that it is not whole.
 */
function judge(stage: JenkinsStage, outcome: HookOutcome, lines = 0): Ending {
  const output = stage.output.join('');
  const shown = output.split('\n').filter(line => line.startsWith('Zeile ä')).length;
  if (outcome.kind === 'succeeded' && shown < lines && !output.includes('(The rest of the console'))
    return { data: 'wrong', found: `${shown} of ${lines} lines` };
  if (stage.started.length > 1) return { data: 'wrong', found: `${stage.started.length} builds were started` };
  if (outcome.kind === 'succeeded')
    return stage.started.length === 1 ? { data: 'right' } : { data: 'wrong', found: 'a success without a build' };
  return outcome.failure.kind === 'hook-failed' && /ended as/.test(outcome.failure.message)
    ? { data: 'wrong', found: outcome.failure.message }
    : { data: 'none', failure: outcome.failure };
}

testFaultMatrix({
  title: 'Jenkins, the builds to choose from',
  vendor: 'jenkins',
  names: /Jenkins/,
  steps: [{ name: 'builds', match: 'GET /job/shop/api/json' }],
  start: async (context, transport) => {
    const stage = await jenkinsStage(context, transport);
    return { vendors: stage.vendors, run: () => listBuilds(stage) };
  },
  data: {
    ...clocksOfJenkins,
    'delivered twice': { faults: [{ kind: 'duplicates' }], passes: true },
    'delivered late': {
      faults: [],
      passes: true,
      transport: 'in process',
      async start(context, transport) {
        const stage = await jenkinsStage(context, transport);
        return { vendors: stage.vendors, run: () => listLate(stage) };
      },
    },
    'ten times the page': {
      faults: [],
      passes: true,
      async start(context, transport) {
        const stage = await jenkinsStage(context, transport, { more: 100 });
        return {
          vendors: stage.vendors,
          run: () =>
            listBuilds(
              stage,
              Array.from({ length: 10 }, (_, index) => `${103 - index} out/${103 - index}.tgz`).join(', '),
            ),
        };
      },
    },
  },
});

/** A build that is followed to its end, with its console. */
async function startFollowing(
  context: TestContext,
  transport: Transport,
  options: JenkinsStageOptions = {},
): Promise<MatrixStage> {
  const stage = await jenkinsStage(context, transport, options);
  return {
    vendors: stage.vendors,
    said: () => stage.output,
    run: async () =>
      judge(
        stage,
        await runJenkinsHook(stage.vendors, hookRequest(stage), new AbortController().signal),
        options.consoleLines,
      ),
  };
}
const following = 'Jenkins, a build from its start to its end';
const lostStart = { kind: 'lostAnswer', match: 'buildWithParameters', times: 1 } as const;

testFaultMatrix({
  title: following,
  vendor: 'jenkins',
  names: /Jenkins/,
  steps: [
    { name: 'job', match: 'GET /job/deploy/api/json' },
    { name: 'start', match: 'POST /job/deploy/buildWithParameters', repeatable: false },
    { name: 'queue', match: 'GET /queue/item/' },
    { name: 'build', match: 'GET /job/deploy/1/api/json' },
    { name: 'console', match: 'GET /job/deploy/1/logText' },
  ],
  start: startFollowing,
  data: {
    ...clocksOfJenkins,
    // Whoever looks for a build whose start was answered by nobody meets it twice, in the queue and in the list of
    // builds.
    'delivered twice': { faults: [{ kind: 'duplicates' }, lostStart], passes: true },
    'delivered late': {
      faults: [{ kind: 'lateData', seconds: 20 }],
      passes: true,
      start: (context, transport) => startFollowing(context, transport, { consoleLines: 20 }),
    },
    // The list of builds that is looked through has fifty.
    'ten times the page': {
      faults: [lostStart],
      passes: true,
      start: (context, transport) => startFollowing(context, transport, { earlier: 500, consoleLines: 60_000 }),
    },
  },
  more: [
    {
      name: 'a console that never comes',
      faults: [{ kind: 'lateData', seconds: 1e9 }],
      passes: true,
      transport: 'in process',
    },
  ],
});

testFaultMatrix({
  title: 'Jenkins, a password session that sends a crumb',
  vendor: 'jenkins',
  names: /Jenkins/,
  steps: [{ name: 'crumb', match: 'GET /crumbIssuer' }],
  start: (context, transport) => startFollowing(context, transport, { asPassword: true }),
  data: { shownIn: following },
});

testFaultMatrix({
  title: 'Jenkins, a build that is told to end',
  vendor: 'jenkins',
  names: /Jenkins/,
  steps: [{ name: 'stop', match: 'POST /job/deploy/1/stop' }],
  data: { shownIn: following },
  // A build of an hour belongs on the virtual clock.
  start: async context => {
    const stage = await jenkinsStage(context, 'in process');
    return {
      vendors: stage.vendors,
      said: () => stage.output,
      // Right is a build that has ended; one that goes on must be told.
      async run(): Promise<Ending> {
        const controller = new AbortController();
        void stage.vendors.clock.sleep(5_000).then(() => {
          controller.abort();
        });
        const outcome = await runJenkinsHook(stage.vendors, hookRequest(stage, { MS: '3600000' }), controller.signal);
        if (outcome.kind === 'succeeded') return { data: 'wrong', found: 'a cancelled build succeeded' };
        if (stage.ended.length === 1) return { data: 'right' };
        return outcome.failure.cause
          ? {
              data: 'none',
              failure: { ...outcome.failure, message: `${outcome.failure.message} ${outcome.failure.cause}` },
            }
          : { data: 'wrong', found: 'the build goes on and nobody is told' };
      },
    };
  },
});

test(
  'a restarted engine that finds several builds and items of its call takes the first build, ' + 'and starts none',
  async context => {
    const stage = await jenkinsStage(context, 'in process');
    const parameters = { MS: '30000', BACKSTOP_RUN: 'run-1/prod/1/deploy/go/prod-1#1' };
    await stage.post('/job/deploy/buildWithParameters?delay=0sec', parameters);
    await stage.vendors.clock.drive(stage.vendors.clock.sleep(1_000));
    // Somebody pressed "Rebuild", twice.
    await stage.post('/job/deploy/buildWithParameters?delay=0sec', { ...parameters, VERSION: 'again' });
    await stage.vendors.clock.drive(stage.vendors.clock.sleep(1_000));
    await stage.post('/job/deploy/buildWithParameters?delay=600sec', parameters);
    const outcome = await stage.vendors.clock.drive(
      runJenkinsHook(stage.vendors, { ...hookRequest(stage), reattach: true }, new AbortController().signal),
    );
    assert.deepEqual(
      [outcome.kind === 'succeeded' && outcome.detail, stage.started.length],
      ['build 1 SUCCESS', 2],
      JSON.stringify(outcome),
    );
  },
);

test('a console of many megabytes comes whole, and one beyond all limits is given up with a word', async context => {
  for (const [lines, whole] of [
    [60_000, true],
    [600_000, false],
  ] as const) {
    const stage = await jenkinsStage(context, 'over sockets', { consoleLines: lines });
    const outcome = await stage.vendors.clock.drive(
      runJenkinsHook(stage.vendors, hookRequest(stage), new AbortController().signal),
    );
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    const output = stage.output.join('');
    assert.deepEqual(
      whole
        ? [output.split('\n').filter(line => line.startsWith('Zeile ä')).length, /Finished: SUCCESS\n$/.test(output)]
        : [/The rest of the console could not be read/.test(output)],
      whole ? [lines, true] : [true],
    );
  }
});
