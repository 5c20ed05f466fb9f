// What newrelic-client-go sends to NerdGraph, and how strictly it reads the answers: Go takes a text for no number, and
// an object for no text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import type { Fault } from '../../../src/demo/faults/fault.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import type { DemoServers } from '../../../src/demo/servers/demoServers.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';
import { startDemoProgram } from '../demoServers.ts';

/** A Go type: `time` is epoch milliseconds, `any` an interface, an object a struct. */
type GoType =
  | 'int'
  | 'string'
  | 'bool'
  | 'time'
  | 'map'
  | 'seconds'
  | 'any'
  | readonly [GoType]
  | { readonly [name: string]: GoType };

/**
 * As encoding/json does: null leaves the zero value, names are found in any case, unknown ones are passed over, and a
 * value of another kind is an error.
 */
function decode(value: unknown, type: GoType, at = 'data'): unknown {
  if (value === null || value === undefined || type === 'any') return value ?? undefined;
  const found = Array.isArray(value) ? 'array' : typeof value;
  const refuse = (): never => {
    throw new Error(`json: cannot unmarshal ${found} into Go value ${at} of type ${JSON.stringify(type)}`);
  };
  switch (type) {
    case 'int':
    case 'time':
      return Number.isInteger(value) ? value : refuse();
    case 'string':
      return found === 'string' ? value : refuse();
    case 'bool':
      return found === 'boolean' ? value : refuse();
    // The client keeps the bytes of a duration as they come.
    case 'seconds':
      return JSON.stringify(value);
    case 'map':
      return found === 'object' ? value : refuse();
    default:
  }
  if (Array.isArray(type))
    return found === 'array'
      ? (value as readonly unknown[]).map((one, index) =>
          decode(one, (type as readonly [GoType])[0], `${at}[${index}]`),
        )
      : refuse();
  if (found !== 'object') return refuse();
  const given = new Map(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one as unknown]));
  return Object.fromEntries(
    Object.entries(type).map(([name, inner]) => [name, decode(given.get(name.toLowerCase()), inner, `${at}.${name}`)]),
  );
}

const progress = {
  completed: 'bool',
  queryId: 'int',
  resultExpiration: 'seconds',
  retryAfter: 'seconds',
  retryDeadline: 'seconds',
} as const;
const container = {
  currentResults: ['map'],
  previousResults: ['map'],
  results: ['map'],
  otherResult: 'any',
  totalResult: 'any',
  embeddedChartUrl: 'string',
  staticChartUrl: 'string',
  nrql: 'string',
  rawResponse: 'map',
  eventDefinitions: [
    {
      attributes: [
        { category: 'string', definition: 'string', documentationUrl: 'string', label: 'string', name: 'string' },
      ],
      definition: 'string',
      label: 'string',
      name: 'string',
    },
  ],
  metadata: {
    eventTypes: ['string'],
    facets: ['string'],
    messages: ['string'],
    timeWindow: { begin: 'time', end: 'time', since: 'string', until: 'string', compareWith: 'string' },
  },
  queryProgress: progress,
  suggestedFacets: [{ attributes: ['string'], nrql: 'string' }],
} as const satisfies GoType;
interface NrqlAnswer {
  readonly results?: readonly Record<string, unknown>[];
  readonly otherResult?: unknown;
  readonly totalResult?: unknown;
  readonly queryProgress: { readonly completed?: boolean; readonly queryId?: number; readonly retryAfter?: string };
}

const plain = `query($query: Nrql!, $accountId: Int!) { actor { account(id: $accountId) { nrql(query: $query) {
    currentResults otherResult previousResults results totalResult
    metadata { eventTypes facets messages timeWindow { begin compareWith end since until } }
  } } } }`;
const everything = `currentResults nrql otherResult previousResults
  queryProgress { completed queryId retryAfter resultExpiration retryDeadline }
  rawResponse results totalResult
  metadata { eventTypes facets messages timeWindow { begin compareWith end since until } }
  suggestedFacets { attributes nrql }
  eventDefinitions { definition label name attributes { definition documentationUrl label name } }
  embeddedChartUrl staticChartUrl`;
const extended =
  `query(\n\t$query: Nrql!, \n\t$accountId: Int!\n) \n{ actor { account(id: $accountId) { nrql(query: ` +
  `$query) { ${everything} } } } }`;
const withOptions =
  `query (\n\t$query: Nrql!, \n\t$accountId: Int!, \n\t$timeout: Seconds, \n\t$async: ` +
  `Boolean\n) \n{ actor { account(id: $accountId) { nrql(query: $query, timeout: $timeout, async: ` +
  `$async) { ${everything} } } } }`;

let servers: DemoServers;
const cleanups: (() => unknown)[] = [];
before(async () => {
  servers = await startDemoProgram({
    after: work => {
      cleanups.push(work as () => unknown);
    },
  });
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

interface Sent {
  readonly status: number;
  readonly body: { readonly data?: unknown; readonly errors?: readonly unknown[] };
}
async function send(
  query: string,
  variables: object | undefined,
  { url = servers.newRelic.url, key = servers.newRelic.apiKey, packed = false } = {},
): Promise<Sent> {
  const body = JSON.stringify({ query, ...(variables && { variables }) });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    body: packed ? gzipSync(body) : body,
    headers: {
      'Api-Key': key,
      'Content-Type': 'application/json',
      'NewRelic-Requesting-Services': 'newrelic-client-go',
      'User-Agent': 'newrelic/newrelic-client-go/2.32.0 (https://github.com/newrelic/newrelic-client-go)',
      ...(packed && { 'Content-Encoding': 'gzip' }),
    },
  });
  return { status: response.status, body: (await response.json()) as Sent['body'] };
}
function read({ status, body }: Sent): NrqlAnswer {
  assert.deepEqual([status, body.errors], [200, undefined]);
  return (
    decode(body.data, { actor: { account: { nrql: container } } }) as { actor: { account: { nrql: NrqlAnswer } } }
  ).actor.account.nrql;
}
async function ask(query: string, nrql: string, more: object = {}, options = {}): Promise<NrqlAnswer> {
  return read(await send(query, { accountId: servers.newRelic.accountId, query: nrql, ...more }, options));
}
async function setFaults(newRelic: readonly object[]): Promise<void> {
  assert.equal(
    (await fetch(`${servers.fleet.url}/faults`, { method: 'POST', body: JSON.stringify({ newRelic }) })).status,
    200,
  );
}

/**
 * What the client makes of errors beside HTTP 200. Its `path` takes texts only: a path with an index in it would be
 * lost, with the class behind it.
 */
const errorsType = [
  { message: 'string', path: ['string'], extensions: { errorClass: 'string', error_code: 'string', code: 'string' } },
] as const;

for (const [name, nrql] of [
  ['one value', 'SELECT count(*) FROM Transaction'],
  ['events', 'SELECT * FROM Log LIMIT 5'],
  ['facets', 'SELECT count(*), percentile(duration, 95) FROM Transaction FACET host SINCE 5 minutes ago'],
  ['two facets', 'SELECT count(*) FROM Transaction FACET host, error SINCE 5 minutes ago'],
  ['a time series', 'SELECT average(duration) FROM Transaction TIMESERIES 1 minute SINCE 5 minutes ago'],
  ['facets over time', 'SELECT count(*) FROM Transaction FACET host TIMESERIES 1 minute SINCE 5 minutes ago'],
  ['a comparison', 'SELECT count(*) FROM Transaction SINCE 1 minute ago COMPARE WITH 2 minutes ago'],
  ['nothing', "SELECT count(*) FROM Transaction WHERE host = 'none' SINCE 5 minutes ago"],
] as const) {
  test(`Query, QueryExtended and QueryWithAdditionalOptions read ${name}`, async () => {
    for (const [document, more] of [
      [plain, {}],
      [extended, {}],
      [withOptions, { timeout: 30, async: false }],
      [withOptions, { timeout: '30', async: true }],
      [withOptions, { timeout: '', async: false }],
    ] as const) {
      const answer = await ask(document, nrql, more);
      assert.ok(answer.results!.length > 0, document);
      // A plain query reads both as one map; only facets over time give lists, for which the client has
      // PerformNRQLQuery.
      for (const one of [answer.otherResult, answer.totalResult])
        decode(one, name === 'facets over time' ? ['map'] : 'map', 'otherResult');
      if (document !== plain)
        assert.deepEqual([answer.queryProgress.completed, answer.queryProgress.queryId], [true, undefined]);
    }
  });
}

test('a compressing client is understood', async () => {
  assert.equal((await ask(plain, 'SELECT count(*) FROM Transaction', {}, { packed: true })).results!.length, 1);
});

test('QueryHistory sends no variables and reads what was asked', async () => {
  await ask(plain, 'SELECT count(*) FROM Transaction SINCE 2 minutes ago');
  const { body } = await send(
    '\n\t{\n\t  actor {\n\t\tqueryHistory {\n\t\t  nrql {\n\t\t\taccountIds\n\t\t\tquery\n\t\t\tcreatedAt\n\t\t  ' +
      '}\n\t\t}\n\t  }\n}',
    undefined,
  );
  const { actor } = decode(body.data, {
    actor: { queryHistory: { nrql: [{ accountIds: ['int'], query: 'string', createdAt: 'string' }] } },
  }) as {
    actor: { queryHistory: { nrql: readonly { accountIds: readonly number[]; query: string; createdAt: string }[] } };
  };
  const [newest] = actor.queryHistory.nrql;
  assert.deepEqual(
    [newest!.accountIds, newest!.query, Number.isNaN(Date.parse(newest!.createdAt))],
    [[servers.newRelic.accountId], 'SELECT count(*) FROM Transaction SINCE 2 minutes ago', false],
  );
});

test(
  'the id of a query that goes on is a text, as the schema has it, which the client cannot read; numbers, ' +
    'which it can, are a setting',
  async context => {
    const accountId = 7,
      key = 'NRAK-GOCLIENT',
      faults = createFaults(Date.now);
    const parts = {
      telemetry: createTelemetry(),
      now: Date.now,
      sleep: () => Promise.resolve(),
      faults,
      accountId,
      apiKey: key,
      entityGuid: servers.newRelic.entityGuid,
    };
    const { url, close } = await listen(createNewRelicServer(parts).handle);
    context.after(close);
    const askSlowly = async (...more: readonly Fault[]): Promise<NrqlAnswer> => {
      assert.ok(faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 3_600_000 }, ...more] }).ok);
      return read(
        await send(
          withOptions,
          { accountId, query: 'SELECT count(*) FROM Transaction', timeout: 5, async: true },
          { url, key },
        ),
      );
    };
    await assert.rejects(
      askSlowly(),
      /cannot unmarshal string into Go value data\.actor\.account\.nrql\.queryProgress\.queryId of type "int"/,
    );
    const { completed, queryId, retryAfter } = (await askSlowly({ kind: 'numericQueryIds' })).queryProgress;
    assert.deepEqual([completed, typeof queryId, retryAfter], [false, 'number', '1']);
    const { body } = await send(
      'mutation($queryId: String!) { nrqlCancelQuery(queryId: $queryId) { queryId requestStatus } }',
      { queryId: String(queryId) },
      { url, key },
    );
    assert.deepEqual(body.data, { nrqlCancelQuery: { queryId, requestStatus: 'ACCEPTED' } });
  },
);

const deploymentType = {
  changelog: 'string',
  commit: 'string',
  customAttributes: 'map',
  deepLink: 'string',
  deploymentId: 'string',
  deploymentType: 'string',
  description: 'string',
  entityGuid: 'string',
  groupId: 'string',
  timestamp: 'time',
  user: 'string',
  version: 'string',
} as const;
const older =
  'changelog commit deepLink deploymentId deploymentType description entityGuid groupId timestamp user version'
    .split(' ')
    .join('\n\t');
const mutations = {
  'its first form':
    `mutation(\n\t$deployment: ChangeTrackingDeploymentInput!,\n) { changeTrackingCreateDeployment(\n\tdeployment: ` +
    `$deployment,\n) {\n\t${older}\n} }`,
  'with rules and custom attributes':
    `mutation(\n\t$dataHandlingRules: ChangeTrackingDataHandlingRules,\n\t$deployment: ` +
    `ChangeTrackingDeploymentInput!,\n) { changeTrackingCreateDeployment(\n\tdataHandlingRules: ` +
    `$dataHandlingRules,\n\tdeployment: $deployment,\n) {\n\tcustomAttributes\n\t${older}\n} }`,
};
for (const [name, document] of Object.entries(mutations)) {
  test(`ChangeTrackingCreateDeployment, ${name}: the marker comes back as it was sent`, async () => {
    const deployment = {
      changelog: 'test',
      commit: '12345a',
      deepLink: 'newrelic-client-go',
      deploymentType: 'BASIC',
      description: 'This is a test description',
      entityGuid: servers.newRelic.entityGuid,
      groupId: 'deployment',
      timestamp: Date.now(),
      user: 'newrelic-go-client',
      version: '0.0.1',
    };
    const custom = name === 'its first form' ? {} : { customAttributes: { team: 'shop', canary: true } };
    const { status, body } = await send(document, {
      deployment: { ...deployment, ...custom },
      ...(name !== 'its first form' && { dataHandlingRules: { validationFlags: null } }),
    });
    assert.deepEqual([status, body.errors], [200, undefined]);
    // The client looks for another spelling, which Go finds.
    const { ChangeTrackingCreateDeployment: placed } = decode(body.data, {
      ChangeTrackingCreateDeployment: deploymentType,
    }) as { ChangeTrackingCreateDeployment: Record<string, unknown> };
    const { deploymentId, customAttributes, ...same } = placed;
    assert.deepEqual(same, deployment);
    assert.deepEqual(
      [typeof deploymentId, customAttributes],
      ['string', 'customAttributes' in custom ? custom.customAttributes : undefined],
    );
  });
}

test(
  'errors are read as the client reads them: a far-off time, a wrong query, a class that is retried, ' +
    'and a wrong key',
  async context => {
    context.after(() => setFaults([]));
    const { entityGuid, accountId } = servers.newRelic;
    const far = await send(mutations['its first form'], { deployment: { entityGuid, version: '0.0.1', timestamp: 0 } });
    const wrong = await send(plain, { accountId, query: 'SELECT nothing(' });
    await setFaults([{ kind: 'graphqlErrors', errorClass: 'TIMEOUT', times: 1 }]);
    const slow = await send(plain, { accountId, query: 'SELECT count(*) FROM Transaction' });
    const refused = await send(plain, { accountId, query: 'SELECT count(*) FROM Transaction' }, { key: 'NRAK-WRONG' });
    const errorOf = ({ status, body }: Sent) => {
      const [error] = decode(body.errors, errorsType, 'errors') as readonly {
        message: string;
        extensions: { errorClass?: string; error_code?: string };
      }[];
      return [status, error!.message.length > 0, error!.extensions.errorClass, error!.extensions.error_code];
    };
    assert.deepEqual([far, wrong, slow, refused].map(errorOf), [
      [200, true, 'INVALID_INPUT', undefined],
      [200, true, 'INVALID_INPUT', undefined],
      [200, true, 'TIMEOUT', undefined],
      [401, true, 'UNAUTHORIZED', 'BAD_API_KEY'],
    ]);
  },
);
