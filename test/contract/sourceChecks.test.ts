// What is looked up before a deployment: what exists is shown as it is read, what does not is named, and who does not
// answer says nothing about that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../src/demo/faults/fault.ts';
import type { SumoLogicOptions } from '../../src/demo/sumoLogic/server.ts';
import { createHealthSources } from '../../src/vendors/healthSources.ts';
import { createMarkers } from '../../src/vendors/markers.ts';
import { createSourceChecks } from '../../src/vendors/sourceChecks.ts';
import { formatBytes } from '../../src/model/byteSize.ts';
import type { Pipeline } from '../../src/model/pipeline.ts';
import type { SourceCheck } from '../../src/model/evidence/sourceCheck.ts';
import { describeSourceCheck } from '../../src/protocol/report/sourceCheckText.ts';
import { jenkinsStage } from './jenkins/stage.ts';
import * as newRelicStage from './newRelic/stage.ts';
import * as sumoStage from './sumoLogic/stage.ts';
import { findSecrets } from './faults/faultMatrix.ts';
import type { Vendors } from './faults/vendors.ts';

type Parts = Pick<Pipeline, 'connections'> & Partial<Pick<Pipeline, 'hooks' | 'healthSources' | 'artifact' | 'stages'>>;

/** Production has three nodes, of which the sources know two. */
async function check(
  vendors: Vendors,
  parts: Parts,
  { isNew = false, signal = new AbortController().signal } = {},
): Promise<readonly SourceCheck[]> {
  const environments = {
    production: { name: 'production', nodes: ['prod-1', 'prod-2', 'prod-3'], whenBusy: 'queue' },
  } as const;
  const pipeline = {
    name: 'p',
    service: 's',
    artifact: { kind: 'version' },
    hooks: {},
    healthSources: {},
    environments,
    stages: [],
    ...parts,
  } as unknown as Pipeline;
  const checks = createSourceChecks({
    ...vendors,
    healthSources: createHealthSources(vendors),
    markers: createMarkers(vendors),
  });
  const told: SourceCheck[] = [];
  const found = await vendors.clock.drive(
    checks.check(
      { pipeline, isNew: () => isNew },
      one => {
        told.push(one);
      },
      signal,
    ),
  );
  assert.deepEqual(new Set(told), new Set(found));
  assert.deepEqual(findSecrets(found), []);
  return found;
}

const problems = (checks: readonly SourceCheck[]): readonly string[] =>
  checks.flatMap(one => one.problems.map(({ kind, failure }) => `${kind}: ${failure.message}`));

const artifact = {
  kind: 'build',
  vendor: 'jenkins',
  title: 'Jenkins',
  connection: 'ci',
  job: 'shop',
  watch: 'off',
  options: { version: 'number' },
} as const;

async function checkLogs(
  change: Partial<typeof sumoStage.source>,
  options: { isNew?: boolean; faults?: readonly Fault[] } = {},
) {
  const { vendors, request } = await sumoStage.setStage(
    {
      after() {
        /* in process */
      },
    } as never,
    'in process',
  );
  vendors.telemetry.addLog({
    atMs: vendors.clock.now() - 5 * 3_600_000,
    node: 'prod-3',
    category: 'shop/app',
    text: 'INFO hours ago',
  });
  vendors.fail(...(options.faults ?? []));
  return check(
    vendors,
    { connections: { sumo: request.connection }, healthSources: { logs: { ...sumoStage.source, ...change } } },
    options,
  );
}

test(
  'lines come with node and time as they are read; ' + 'a node of hours ago is found, by looking for it alone',
  async () => {
    const [found] = await checkLogs({});
    assert.deepEqual(problems([found!]), []);
    assert.deepEqual(found!.nodes, [{ environment: 'production', found: ['prod-1', 'prod-2', 'prod-3'], missing: [] }]);
    assert.deepEqual(
      found!.sampleLines.map(({ node, text }) => `${node} ${text}`),
      ['prod-1 INFO line 9', 'prod-2 INFO line 8', 'prod-3 INFO hours ago'],
    );
    assert.match(found!.queries.join(), /_sourceHost="prod-1"/);
  },
);

test(
  'a node that was not seen for so long as is looked back is missing, ' + 'but in a new environment only told of',
  async () => {
    const lookBackMs = 3_600_000;
    assert.deepEqual(problems(await checkLogs({ lookBackMs })), [
      'missing: Health source "app logs" knows nothing of node prod-3 of production.',
    ]);
    assert.deepEqual(problems(await checkLogs({ lookBackMs }, { isNew: true })), [
      'notice: Health source "app logs" knows nothing of node prod-3 of production.',
    ]);
    assert.deepEqual(problems(await checkLogs({ options: { query: '_sourceCategory=nowhere' } })), [
      'missing: Health source "app logs" knows nothing of 3 nodes of production: prod-1, prod-2, prod-3.',
    ]);
  },
);

test(
  'a credential that is not accepted does not resolve; ' + 'a server that does not answer may still know everything',
  async () => {
    const [refused, down] = await Promise.all([
      checkLogs({}, { faults: [{ kind: 'status', status: 401 }] }),
      checkLogs({}, { faults: [{ kind: 'down' }] }),
    ]);
    assert.match(problems(refused).join(), /^missing: Sumo Logic/);
    assert.match(problems(down).join(), /^unknown: Sumo Logic/);
    assert.deepEqual(down[0]!.nodes[0]!.missing, []);
  },
);

test('a refusal that was but a whim of the vendor stops nobody', async () => {
  assert.deepEqual(problems(await checkLogs({}, { faults: [{ kind: 'status', status: 401, times: 2 }] })), []);
});

test('who aborts learns that it could not be asked', async () => {
  const { vendors, request } = await sumoStage.setStage(
    {
      after() {
        /* in process */
      },
    } as never,
    'in process',
  );
  vendors.fail({ kind: 'hang' });
  const asking = new AbortController();
  void vendors.clock.sleep(1_000).then(() => {
    asking.abort();
  });
  const found = await check(
    vendors,
    { connections: { sumo: request.connection }, healthSources: { logs: sumoStage.source } },
    { signal: asking.signal },
  );
  assert.deepEqual(problems(found), ['unknown: Health source "app logs" did not answer in time.']);
});

test('each metric shows a value on each node; a node without any, and a metric without any, are missing', async () => {
  const { vendors, request } = await newRelicStage.setStage(
    {
      after() {
        /* in process */
      },
    } as never,
    'in process',
  );
  const metrics = [
    ...newRelicStage.source.metrics,
    {
      name: 'typo',
      options: { select: 'average(duration)', from: 'Transactoin' },
      kind: 'gauge',
      direction: 'increase',
      unit: 's',
    } as const,
  ];
  const found = await check(vendors, {
    connections: {
      nr: {
        ...request.connection,
        marks: true,
        options: { account: 7, entity: 'bm9wZXxBUE18QVBQTElDQVRJT058OQ' },
      },
    },
    healthSources: { apm: { ...newRelicStage.source, metrics } },
  });
  const apm = found.find(({ kind }) => kind === 'metrics')!;
  assert.deepEqual(problems([apm]), [
    'missing: Health source "apm" knows nothing of node prod-3 of production.',
    'missing: Health source "apm": metric "typo" had no value on any node.',
  ]);
  assert.deepEqual(apm.samplePoints.map(({ metric, node }) => `${metric} ${node}`).sort(), [
    'errors prod-1',
    'errors prod-2',
    'latency prod-1',
    'latency prod-2',
    'p95 prod-1',
    'p95 prod-2',
  ]);
  assert.match(problems(found.filter(({ kind }) => kind === 'entity')).join(), /^missing: New Relic/);
});

test('jobs exist and take what hooks give them; a job that is only read may be disabled', async context => {
  const { vendors, connection } = await jenkinsStage(context, 'in process');
  const hook = (name: string, job: string, ...parameters: readonly string[]) => ({
    [name]: {
      kind: 'job',
      vendor: 'jenkins',
      title: 'Jenkins',
      name,
      connection: 'ci',
      job,
      parameters: Object.fromEntries(parameters.map(parameter => [parameter, ''])),
    },
  });
  const look = async (hooks: object) =>
    problems(
      await check(vendors, {
        connections: { ci: connection },
        hooks: hooks as never,
        artifact,
      }),
    );
  assert.deepEqual(await look(hook('go', 'deploy', 'VERSION')), []);
  assert.deepEqual(
    await look({ ...hook('go', 'deploy', 'VERSOIN'), ...hook('no', 'nope'), ...hook('plain', 'shop') }),
    [
      'notice: Jenkins job "shop" has no string parameter BACKSTOP_RUN: ' +
        'calls that wait at the same time may become one build, and a restarted run cannot find its build.',
      'missing: Jenkins job "deploy" has no parameter VERSOIN.',
      'missing: Jenkins job "nope": not found (HTTP 404).',
    ],
  );
  vendors.fail({ kind: 'status', status: 503 });
  assert.match((await look(hook('go', 'deploy', 'VERSION'))).join(), /^unknown: .*unknown: /);
});

test('a credential that nobody set does not resolve', async context => {
  const { vendors, connection } = await jenkinsStage(context, 'in process');
  const found = await check(vendors, {
    connections: { ci: { ...connection, credential: 'unset' } },
    artifact,
  });
  assert.deepEqual(problems(found), ['missing: No credential "unset".']);
});

/** One stage that verifies with the source: 2 minutes of history, and 6 looks of 25 s each. */
async function checkScan(
  mostScannedBytes: number | undefined,
  faults: readonly Fault[] = [],
  options: Partial<SumoLogicOptions> = {},
) {
  const { vendors, request } = await sumoStage.setStage(
    {
      after() {
        /* in process */
      },
    } as never,
    'in process',
    options,
  );
  vendors.telemetry.addLog({ atMs: vendors.clock.now() - 1, node: 'prod-3', category: 'shop/app', text: 'INFO now' });
  vendors.fail(...faults);
  const verification = { sources: ['app logs'], intervalMs: 10_000, historyMs: 120_000 };
  const stages = [
    [
      {
        kind: 'canary',
        environment: 'production',
        verification,
        watchMs: 0,
        phases: [{ verify: { durationMs: 60_000 } }, { verify: false }],
      },
    ],
  ] as never;
  const source = { ...sumoStage.source, delayMs: 5_000, ...(mostScannedBytes !== undefined && { mostScannedBytes }) };
  const [found] = await check(vendors, {
    connections: { sumo: request.connection },
    healthSources: { 'app logs': source },
    stages,
  });
  return found!;
}

test('what a verification would scan is told, and more than it may scan stops a run before it begins', async () => {
  const free = await checkScan(undefined);
  assert.deepEqual(problems([free]), []);
  const { lookBytes, verificationBytes } = free.scan!;
  assert.ok(lookBytes > 8 && verificationBytes > 6 * lookBytes, JSON.stringify(free.scan));
  assert.equal(
    describeSourceCheck(free).found[0],
    `Scans about ${formatBytes(lookBytes)} for one evaluation, ` +
      `${formatBytes(verificationBytes)} for a whole verification`,
  );
  assert.deepEqual(problems([await checkScan(verificationBytes)]), []);
  const refused = await checkScan(10);
  assert.deepEqual(
    refused.problems.map(({ kind, failure }) => [kind, failure.kind, failure.message]),
    [
      [
        'missing',
        'refused',
        'Health source "app logs": a verification would scan about ' +
          `${formatBytes(refused.scan!.verificationBytes)}, and \`mostScanned\` allows 10 B.`,
      ],
    ],
  );
});

test('an estimate counts every data tier, and names those that are charged for what is scanned', async () => {
  const [continuous, infrequent, both] = await Promise.all(
    [undefined, () => 'Infrequent' as const, flip()].map(async tierOf =>
      checkScan(undefined, [], tierOf && { tierOf }),
    ),
  );
  const { lookBytes, verificationBytes } = continuous!.scan!;
  for (const { scan } of [infrequent!, both!])
    assert.deepEqual([scan!.lookBytes, scan!.verificationBytes], [lookBytes, verificationBytes]);
  assert.deepEqual(
    [continuous!, infrequent!].map(({ scan }) => scan!.tiers),
    [
      { Continuous: verificationBytes, Frequent: 0, Infrequent: 0 },
      { Continuous: 0, Frequent: 0, Infrequent: verificationBytes },
    ],
  );
  assert.match(describeSourceCheck(infrequent!).found[0]!, /for a whole verification \(Infrequent [\d.]+ [kKM]?B\)$/);
  assert.match(
    describeSourceCheck(both!).found[0]!,
    /for a whole verification \(Continuous [\d.]+ [kKM]?B, Infrequent [\d.]+ [kKM]?B\)$/,
  );
  assert.deepEqual(
    (await checkScan(10, [], { tierOf: () => 'Frequent' })).problems.map(({ kind }) => kind),
    ['missing'],
  );
});

/** One line in this tier, the next in the other. */
function flip(): () => 'Continuous' | 'Infrequent' {
  let count = 0;
  return () => (count++ % 2 === 0 ? 'Continuous' : 'Infrequent');
}

test(
  'an estimate that is missing, forbidden or damaged is a notice, ' +
    'and a source that verifies nothing is not estimated',
  async () => {
    const match = 'estimatedUsage';
    const faulty: readonly Fault[] = [
      { kind: 'status', status: 404, match },
      { kind: 'status', status: 403, match },
      { kind: 'page', match },
      { kind: 'hang', match },
    ];
    const found = await Promise.all(faulty.map(fault => checkScan(1, [fault])));
    assert.deepEqual(
      found.map(one => one.problems.map(({ kind, failure }) => `${kind} ${failure.kind}: ${failure.hint}`)),
      [
        ['notice not-found: `mostScanned` was not checked.'],
        ['notice unauthorized: `mostScanned` was not checked.'],
        ['notice bad-answer: `mostScanned` was not checked.'],
        ['notice timeout: `mostScanned` was not checked.'],
      ],
    );
    assert.deepEqual(
      found.map(({ scan }) => scan),
      [undefined, undefined, undefined, undefined],
    );
    assert.equal((await checkLogs({})).at(0)!.scan, undefined);
  },
);
