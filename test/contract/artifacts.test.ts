// The artifacts contract: builds of a Jenkins job, newest first, with the version that the pipeline wants.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { JenkinsArtifact } from '../../src/vendors/jenkins/options.ts';
import { createArtifacts } from '../../src/vendors/artifacts.ts';
import type { Fault } from '../../src/demo/faults/fault.ts';
import { demoJobs } from '../../src/demo/jenkins/demoJobs.ts';
import { createJenkinsServer } from '../../src/demo/jenkins/server.ts';
import type { Connection } from '../../src/model/pipeline.ts';
import { credentials, startVendor, transports } from './faults/vendors.ts';
import type { Transport } from './faults/vendors.ts';

async function list(
  context: TestContext,
  transport: Transport,
  { job = 'storefront', ...options }: { readonly job?: string } & Partial<JenkinsArtifact['options']> = {},
  faults: readonly Fault[] = [],
  limit = 10,
  connection: Partial<Connection> = {},
) {
  const vendors = await startVendor(
    context,
    'jenkins',
    transport,
    parts =>
      createJenkinsServer({
        ...parts,
        user: 'robot',
        token: 'jenkinsTOKEN11',
        jobs: demoJobs({ nowMs: parts.now(), sleep: parts.sleep, work: async () => true }),
      }).handle,
  );
  vendors.fail(...faults);
  const source = {
    kind: 'build',
    vendor: 'jenkins',
    title: 'Jenkins',
    connection: 'ci',
    job,
    watch: 'off',
    options: { version: 'displayName', ...options },
  } as const;
  return vendors.clock.drive(
    createArtifacts({ ...vendors, credentials }).list(
      source,
      { vendor: 'jenkins', url: vendors.url, credential: 'jenkins', ...connection } as Connection,
      limit,
      new AbortController().signal,
    ),
  );
}

for (const transport of transports) {
  test(`${transport}: builds come newest first, with version, result and times`, async context => {
    const found = await list(context, transport);
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual(
      found.value.map(build => `${build.artifact.version} ${build.artifact.build?.number} ${build.result}`),
      ['2.14.0 5 SUCCESS', '2.13.2 4 SUCCESS', '2.13.2 3 FAILURE', '2.13.1 2 SUCCESS', '2.13.0 1 SUCCESS'],
    );
    assert.ok(
      found.value.every(
        build =>
          build.startedAtMs! > 0 && build.durationMs! > 0 && build.artifact.build?.url.includes('/job/storefront/'),
      ),
    );
  });
}

test('the version is the number, or a parameter; no more than asked for', async context => {
  const numbers = await list(context, 'in process', { version: 'number' }, [], 2);
  const parameters = await list(context, 'in process', { version: { parameter: 'VERSION' } }, [], 1);
  assert.ok(numbers.ok && parameters.ok);
  assert.deepEqual(
    [numbers.value.map(build => build.artifact.version), parameters.value.map(build => build.artifact.version)],
    [['5', '4'], ['2.14.0']],
  );
});

test(
  'with a file the artifact names it, its address and its md5; a build without it, or with several, ' +
    'cannot be deployed',
  async context => {
    const found = await list(context, 'in process', { file: 'target/storefront-*.txt' });
    assert.ok(found.ok);
    const [newest, , failed] = found.value;
    assert.deepEqual(
      [newest!.artifact.build!.file, newest!.refused, failed!.refused],
      [
        {
          path: 'target/storefront-2.14.0.txt',
          url: `${newest!.artifact.build!.url}artifact/target/storefront-2.14.0.txt`,
          fingerprint: createHash('md5').update('storefront 2.14.0\n').digest('hex'),
        },
        undefined,
        'Build 3 of storefront ended as FAILURE.',
      ],
    );
    const without = await list(context, 'in process', { file: '*.jar' });
    assert.ok(without.ok);
    assert.deepEqual(
      [without.value[0]!.artifact.build!.file, without.value[0]!.refused],
      [undefined, 'Build 5 of storefront has no artifact that matches *.jar (it kept target/storefront-2.14.0.txt).'],
    );
  },
);

test('a branch of a multibranch job is found by the name that Jenkins gives it', async context => {
  const found = await list(context, 'in process', { job: 'checkout/feature%2Finstalments' });
  assert.ok(found.ok, JSON.stringify(found));
  assert.deepEqual(found.value, []);
});

test('a passing fault costs time only', async context => {
  const found = await list(context, 'in process', {}, [
    { kind: 'status', status: 503, times: 1 },
    { kind: 'drop', times: 1 },
    { kind: 'status', status: 429, retryAfterSec: 2, times: 1 },
  ]);
  assert.ok(found.ok);
  assert.equal(found.value.length, 5);
});

test('what cannot be had is a failure of its kind that names the job', async context => {
  const kinds = async (...given: Parameters<typeof list> extends [unknown, unknown, ...infer Rest] ? Rest : never) => {
    const found = await list(context, 'in process', ...given);
    assert.ok(!found.ok);
    assert.doesNotMatch(JSON.stringify(found), /jenkinsTOKEN11/);
    return `${found.failure.kind}: ${found.failure.message}`;
  };
  assert.match(await kinds({ job: 'nope' }), /^not-found: Jenkins job "nope"/);
  assert.match(
    await kinds({ version: { parameter: 'NOPE' } }),
    /^not-found: None of the last 5 builds of "storefront" has the parameter NOPE/,
  );
  assert.match(await kinds({}, [{ kind: 'authFlap', times: 9 }]), /^unauthorized/);
  assert.match(await kinds({}, [{ kind: 'status', status: 503 }]), /^unreachable/);
  assert.match(await kinds({}, [{ kind: 'malformed' }]), /^bad-answer/);
  assert.match(await kinds({}, [{ kind: 'hang' }]), /^timeout/);
  assert.match(await kinds({}, [], 10, { vendor: 'sumoLogic' }), /^invalid/);
});
