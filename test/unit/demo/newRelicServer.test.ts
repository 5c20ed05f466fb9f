// New Relic on this machine, spoken to over HTTP as clients do that were not written for it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  buildSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  validateSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
} from 'graphql';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import { nerdGraphSchema } from '../../../src/demo/newRelic/nerdGraphSchema.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';

const startMs = Date.UTC(2026, 10, 23, 12, 0, 0);
const accountId = 1234567;
const apiKey = 'NRAK-DEMO';
const entityGuid = Buffer.from(`${accountId}|APM|APPLICATION|42`).toString('base64');

let nowMs = startMs;
const slept: number[] = [];
const telemetry = createTelemetry();
const faults = createFaults(() => nowMs);
const { handle } = createNewRelicServer({
  telemetry,
  now: () => nowMs,
  sleep: durationMs => {
    slept.push(durationMs);
    nowMs += durationMs;
    return Promise.resolve();
  },
  faults,
  accountId,
  apiKey,
  entityGuid,
  serviceName: 'storefront',
  hosts: ['prod-01', 'prod-02', 'prod-03'],
  entityPageSize: 2,
});
for (let index = 0; index < 60; index++) {
  telemetry.addEvent({
    type: 'Transaction',
    atMs: startMs - 60_000 + index * 1000,
    attributes: { host: `prod-0${(index % 2) + 1}`, duration: index },
  });
}
const server = await listen(handle);
after(() => server.close());

interface Answer {
  readonly data?: { readonly [name: string]: unknown; readonly actor?: unknown };
  readonly errors?: readonly { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

async function post(query: string, variables: unknown = {}, key = apiKey): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Api-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}
async function data(query: string, variables: unknown = {}): Promise<never> {
  const { status, answer } = await post(query, variables);
  assert.equal(status, 200);
  assert.deepEqual(answer.errors, undefined);
  return answer.data as never;
}

/** All members that newrelic-client-go selects. */
const everything = `currentResults nrql otherResult previousResults
  queryProgress { completed queryId retryAfter resultExpiration retryDeadline } rawResponse results totalResult
  metadata { eventTypes facets messages timeWindow { begin compareWith end since until } }
  suggestedFacets { attributes nrql }
  eventDefinitions { definition label name attributes { definition documentationUrl label name } }
  embeddedChartUrl staticChartUrl`;
const nrqlQuery =
  'query ($query: Nrql!, $accountId: Int!, $timeout: Seconds, $async: Boolean) { actor { account(id: ' +
  `$accountId) { nrql(query: $query, timeout: $timeout, async: $async) { ${everything} } } } }`;

interface Container {
  readonly [name: string]: unknown;
  readonly results: readonly unknown[] | null;
  readonly queryProgress: {
    readonly completed: boolean;
    readonly queryId: string | null;
    readonly retryAfter: number | null;
  };
}
async function nrql(query: string, more: object = {}): Promise<Container> {
  return ((await data(nrqlQuery, { query, accountId, ...more })) as { actor: { account: { nrql: Container } } }).actor
    .account.nrql;
}

test('a synchronous query answers every member that clients select', async () => {
  nowMs = startMs;
  const container = await nrql('SELECT count(*) FROM Transaction FACET host SINCE 1 minute ago');
  assert.deepEqual(container.results, [
    { facet: 'prod-01', host: 'prod-01', count: 30 },
    { facet: 'prod-02', host: 'prod-02', count: 30 },
  ]);
  assert.deepEqual(container['otherResult'], { count: 0 });
  assert.deepEqual(container['totalResult'], { count: 60 });
  assert.deepEqual(container.queryProgress, {
    completed: true,
    queryId: null,
    retryAfter: null,
    resultExpiration: null,
    retryDeadline: null,
  });
  assert.deepEqual(container['metadata'], {
    eventTypes: ['Transaction'],
    facets: ['host'],
    messages: [],
    timeWindow: { begin: startMs - 60_000, compareWith: null, end: startMs, since: '1 minute AGO', until: 'NOW' },
  });
  assert.equal(container['nrql'], 'SELECT count(*) FROM Transaction FACET host SINCE 1 minute ago');
});

test('aliases, fragments and several queries in one document work', async () => {
  nowMs = startMs;
  assert.deepEqual(
    await data(`fragment Rows on NrdbResultContainer { results }
    { actor { account(id: ${accountId}) {
      one: nrql(query: "SELECT count(*) FROM Transaction") { ...Rows }
      two: nrql(query: "SELECT max(duration) AS m FROM Transaction") { ...Rows }
    } } }`),
    { actor: { account: { one: { results: [{ count: 60 }] }, two: { results: [{ m: 59 }] } } } },
  );
});

test('a wrong query is HTTP 200 with errors beside a null', async () => {
  const { status, answer } = await post(nrqlQuery, { query: 'SELECT foo(x) FROM Transaction', accountId });
  assert.equal(status, 200);
  assert.deepEqual(answer.data, { actor: { account: { nrql: null } } });
  assert.equal(answer.errors?.[0]?.message, 'Unknown function foo()');
  assert.deepEqual(answer.errors?.[0]?.path, ['actor', 'account', 'nrql']);
  assert.equal(answer.errors?.[0]?.extensions?.['errorClass'], 'INVALID_INPUT');
});

test('another account is refused by name', async () => {
  const { answer } = await post(nrqlQuery, { query: 'SELECT count(*) FROM T', accountId: 99 });
  assert.equal(answer.errors?.[0]?.message, 'You are not authorized to query account 99');
});

test('a document that does not fit the schema is told so, with HTTP 200 and no data', async () => {
  const { status, answer } = await post('{ actor { nothing } }');
  assert.equal(status, 200);
  assert.match(answer.errors![0]!.message, /Cannot query field "nothing" on type "Actor"/);
  assert.equal(answer.data, undefined);
});

test('a missing or wrong key is 401', async () => {
  const { status, answer } = await post('{ actor { user { id } } }', {}, 'wrong');
  assert.equal(status, 401);
  assert.equal(answer.errors?.[0]?.extensions?.['error_code'], 'BAD_API_KEY');
});

test('anything but a POST of JSON with a query is refused', async () => {
  assert.equal((await fetch(`${server.url}/graphql`)).status, 405);
  assert.equal((await fetch(`${server.url}/other`, { method: 'POST' })).status, 404);
  for (const body of ['', '{', '[]', '{"query": 5}', 'null']) {
    assert.equal(
      (await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Api-Key': apiKey }, body })).status,
      400,
      body,
    );
  }
});

test('introspection shows a valid schema', async () => {
  assert.deepEqual(validateSchema(nerdGraphSchema()), []);
  const { __schema } = (await data(getIntrospectionQuery())) as { __schema: { types: readonly { name: string }[] } };
  assert.ok(__schema.types.some(({ name }) => name === 'ChangeTrackingDeployment'));
});

test('a slow asynchronous query hands out its id, and its results when it is done', async () => {
  nowMs = startMs;
  faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 8000 }] });
  const first = await nrql('SELECT count(*) FROM Transaction SINCE 1 minute ago', { async: true });
  faults.set({});
  assert.equal(first.results, null);
  assert.equal(first.queryProgress.completed, false);
  assert.match(first.queryProgress.queryId!, /^\d+$/);
  assert.equal(nowMs, startMs + 5000);
  const progress =
    `query ($id: ID!) { actor { account(id: ${accountId}) { nrqlQueryProgress(queryId: ` +
    '$id) { results queryProgress { completed retryAfter } } } } }';
  const ask = async () =>
    (
      (await data(progress, { id: first.queryProgress.queryId })) as {
        actor: { account: { nrqlQueryProgress: unknown } };
      }
    ).actor.account.nrqlQueryProgress;
  assert.deepEqual(await ask(), { results: null, queryProgress: { completed: false, retryAfter: 1 } });
  nowMs = startMs + 8000;
  assert.deepEqual(await ask(), { results: [{ count: 60 }], queryProgress: { completed: true, retryAfter: null } });
  nowMs += 601_000;
  assert.match((await post(progress, { id: first.queryProgress.queryId })).answer.errors![0]!.message, /expired/);
});

test('a running query can be cancelled, once', async () => {
  nowMs = startMs;
  faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 60_000 }] });
  const { queryProgress } = await nrql('SELECT count(*) FROM Transaction', { async: true });
  faults.set({});
  const cancel = 'mutation ($id: String!) { nrqlCancelQuery(queryId: $id) { queryId requestStatus rejectionReason } }';
  assert.deepEqual(await data(cancel, { id: queryProgress.queryId }), {
    nrqlCancelQuery: { queryId: queryProgress.queryId, requestStatus: 'ACCEPTED', rejectionReason: null },
  });
  assert.equal(
    ((await data(cancel, { id: queryProgress.queryId })) as { nrqlCancelQuery: { requestStatus: string } })
      .nrqlCancelQuery.requestStatus,
    'REJECTED',
  );
});

test('a synchronous query beyond its timeout fails with the class TIMEOUT', async () => {
  faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 20_000 }] });
  const { answer } = await post(nrqlQuery, { query: 'SELECT count(*) FROM Transaction', accountId });
  assert.equal(answer.errors?.[0]?.message, 'NRDB query duration exceeded the set timeout');
  assert.deepEqual(answer.errors?.[0]?.extensions, { errorClass: 'TIMEOUT', errorCode: 'NRDB:1109' });
  assert.ok((await nrql('SELECT count(*) FROM Transaction', { timeout: 30 })).results);
  faults.set({});
});

test('clients may give the time-out as text, the id of a query as a number, and their bodies packed', async () => {
  nowMs = startMs;
  faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 8000 }] });
  assert.ok((await nrql('SELECT count(*) FROM Transaction', { timeout: '30', async: false })).results);
  const { queryProgress } = await nrql('SELECT count(*) FROM Transaction', { timeout: '30', async: true });
  faults.set({});
  nowMs += 4000;
  const progress =
    `query ($id: ID!) { actor { account(id: ${accountId}) { nrqlQueryProgress(queryId: ` +
    '$id) { queryProgress { completed queryId } } } } }';
  assert.deepEqual(await data(progress, { id: Number(queryProgress.queryId) }), {
    actor: { account: { nrqlQueryProgress: { queryProgress: { completed: true, queryId: queryProgress.queryId } } } },
  });
  const packed = async (body: Uint8Array) =>
    (
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'Api-Key': apiKey, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: body as BodyInit,
      })
    ).status;
  assert.deepEqual(
    [
      await packed(gzipSync('{"query":"{ actor { user { id } } }"}')),
      await packed(new TextEncoder().encode('no gzip')),
    ],
    [200, 400],
  );
});

test('too many requests at once get 429, too many queries in a minute the class TOO_MANY_REQUESTS', async () => {
  let atMs = startMs;
  const waiting: (() => void)[] = [];
  const own = createFaults(() => atMs),
    limits = { concurrent: 2, queriesPerMinute: 3 };
  const { handle: limited } = createNewRelicServer({
    telemetry,
    faults: own,
    accountId,
    apiKey,
    entityGuid,
    limits,
    now: () => atMs,
    sleep: () =>
      new Promise(resolve => {
        waiting.push(resolve);
      }),
  });
  const ask = async () => {
    const body = JSON.stringify({
      query: nrqlQuery,
      variables: { query: 'SELECT count(*) FROM Transaction', accountId },
    });
    const answer = await limited({
      method: 'POST',
      path: '/graphql',
      query: new URLSearchParams(),
      headers: { 'api-key': apiKey },
      body,
    });
    return answer.status === 200
      ? ((JSON.parse(answer.body) as Answer).errors?.[0]?.extensions?.['errorClass'] ?? 'answered')
      : answer.status;
  };
  own.set({ newRelic: [{ kind: 'slowQuery', durationMs: 1000 }] });
  const two = [ask(), ask()];
  assert.equal(await ask(), 429);
  for (const wake of waiting) wake();
  assert.deepEqual(await Promise.all(two), ['answered', 'answered']);
  own.set({});
  assert.deepEqual([await ask(), await ask()], ['answered', 'TOO_MANY_REQUESTS']);
  atMs += 60_001;
  assert.equal(await ask(), 'answered');
});

test('an older account knows no change events', async () => {
  faults.set({ newRelic: [{ kind: 'olderSchema', times: 1 }] });
  const { answer } = await post(
    'mutation ($event: ChangeTrackingCreateEventInput!) { changeTrackingCreateEvent(changeTrackingEvent: ' +
      '$event) { messages } }',
    { event: {} },
  );
  assert.match(
    answer.errors![0]!.message,
    /^Cannot query field "changeTrackingCreateEvent" on type "RootMutationType"/,
  );
});

test('queries across accounts, the user, the accounts and the history', async () => {
  nowMs = startMs;
  const answer =
    (await data(`{ actor { nrql(accounts: [${accountId}], query: "SELECT count(*) FROM Transaction") { results }
    user { id name } accounts { id name reportingEventTypes }
    queryHistory { nrql(options: {limit: 1}) { accountIds query createdAt } } } }`)) as {
      actor: Record<string, unknown>;
    };
  assert.deepEqual(answer.actor['nrql'], { results: [{ count: 60 }] });
  assert.deepEqual((answer.actor['accounts'] as { id: number }[])[0]!.id, accountId);
  assert.equal(
    (answer.actor['queryHistory'] as { nrql: { accountIds: number[] }[] }).nrql[0]!.accountIds[0],
    accountId,
  );
});

/** As newrelic-client-go sends it, with every member it selects. */
const createDeployment =
  'mutation($dataHandlingRules: ChangeTrackingDataHandlingRules, $deployment: ChangeTrackingDeploymentInput!,)' +
  `
  { changeTrackingCreateDeployment(dataHandlingRules: $dataHandlingRules, deployment: $deployment,)
  { changelog commit deepLink deploymentId deploymentType description entityGuid groupId timestamp user version } }`;

test('a deployment marker is kept, found on its entity, and readable by NRQL under both names', async () => {
  nowMs = startMs;
  const deployment = {
    version: '2.14.1',
    entityGuid,
    deploymentType: 'CANARY',
    description: 'phase 1',
    groupId: 'run-7',
    timestamp: startMs - 1000,
    user: 'ada',
    changelog: '',
    commit: '',
    deepLink: '',
  };
  const { changeTrackingCreateDeployment: created } = (await data(createDeployment, {
    deployment,
    dataHandlingRules: { validationFlags: ['FAIL_ON_FIELD_LENGTH'] },
  })) as { changeTrackingCreateDeployment: Record<string, unknown> };
  assert.equal(created['version'], '2.14.1');
  assert.equal(created['entityGuid'], entityGuid);
  assert.equal(created['timestamp'], startMs - 1000);
  assert.ok(created['deploymentId']);
  const { actor } = (await data(
    'query ($guid: EntityGuid!) { actor { entity(guid: $guid) { __typename name deploymentSearch(filter: {query: ' +
      '"version = \'2.14.1\'"}) { results { version deploymentId deploymentType } } } } }',
    { guid: entityGuid },
  )) as { actor: unknown };
  assert.deepEqual(actor, {
    entity: {
      __typename: 'ApmApplicationEntity',
      name: 'storefront',
      deploymentSearch: {
        results: [{ version: '2.14.1', deploymentId: created['deploymentId'], deploymentType: 'CANARY' }],
      },
    },
  });
  for (const type of ['Deployment', 'ChangeTrackingEvent']) {
    assert.deepEqual(
      (
        await nrql(
          `SELECT latest(version) AS v, latest(description) AS d FROM ${type} WHERE entity.guid = '${entityGuid}'`,
        )
      ).results,
      [{ v: '2.14.1', d: 'phase 1' }],
    );
  }
});

test('the current mutation wants exactly one entity, a known category and a time within a day', async () => {
  nowMs = startMs;
  const create = `mutation ($event: ChangeTrackingCreateEventInput!, $rules: ChangeTrackingDataHandlingRules) {
    changeTrackingCreateEvent(changeTrackingEvent: $event, dataHandlingRules: $rules) {
      changeTrackingEvent {
        __typename changeTrackingId category categoryAndType type timestamp customAttributes entity { name }
        ... on ChangeTrackingDeploymentEvent { version commit }
      }
      messages
    } }`;
  const event = {
    categoryAndTypeData: {
      kind: { category: 'deployment', type: 'rolling' },
      categoryFields: { deployment: { version: '2.14.0', commit: 'abc' } },
    },
    entitySearch: { query: "name = 'storefront' AND domain = 'APM'" },
    customAttributes: { run: 'r1', rollback: true },
    user: 'ada',
    timestamp: startMs,
  };
  const created = (
    (await data(create, { event })) as {
      changeTrackingCreateEvent: { changeTrackingEvent: Record<string, unknown>; messages: unknown };
    }
  ).changeTrackingCreateEvent;
  const { changeTrackingId, ...shown } = created.changeTrackingEvent;
  assert.ok(changeTrackingId);
  assert.deepEqual(shown, {
    __typename: 'ChangeTrackingDeploymentEvent',
    category: 'Deployment',
    categoryAndType: 'DEPLOYMENT__ROLLING',
    type: 'Rolling',
    timestamp: startMs,
    customAttributes: { run: 'r1', rollback: true },
    entity: { name: 'storefront' },
    version: '2.14.0',
    commit: 'abc',
  });
  const wrong = async (change: object, rules?: object) =>
    (await post(create, { event: { ...event, ...change }, rules })).answer.errors?.[0]?.message;
  assert.match((await wrong({ entitySearch: { query: "domain = 'INFRA'" } }))!, /exactly one entity; it resolved to 3/);
  assert.match((await wrong({ entitySearch: { query: "domain = 'NONE'" } }))!, /it resolved to 0/);
  assert.match((await wrong({ entitySearch: { query: "name = 'a' OR name = 'b'" } }))!, /supports only/);
  assert.match((await wrong({ timestamp: startMs - 25 * 3_600_000 }))!, /not be more than 24 hours/);
  const odd = { categoryAndTypeData: { kind: { category: 'Party', type: 'Loud' } } };
  assert.match((await wrong(odd))!, /Unknown category/);
  assert.equal(await wrong(odd, { validationFlags: ['ALLOW_CUSTOM_CATEGORY_OR_TYPE'] }), undefined);
  assert.match(
    (await wrong({ categoryAndTypeData: { kind: { category: 'Deployment', type: 'Basic' } } }))!,
    /version is required/,
  );
  const { actor } = (await data(
    '{ actor { changeTracking { changeTrackingSearch(filter: {query: ' +
      "\"category = 'Deployment' AND version = '2.14.0'\", limit: 5}) { changeEvents { type user ... " +
      'on ChangeTrackingDeploymentEvent { version } } } } } }',
  )) as { actor: unknown };
  assert.deepEqual(actor, {
    changeTracking: { changeTrackingSearch: { changeEvents: [{ type: 'Rolling', user: 'ada', version: '2.14.0' }] } },
  });
});

test('markers with an unknown entity, a far-off time or too long a text are refused', async () => {
  const message = async (deployment: object, flags: readonly string[] = []) =>
    (
      await post(createDeployment, {
        deployment: { version: '1', entityGuid, ...deployment },
        dataHandlingRules: { validationFlags: flags },
      })
    ).answer.errors?.[0]?.message;
  assert.match((await message({ entityGuid: 'bm90aGluZw' }))!, /No entity/);
  assert.match((await message({ timestamp: 0 }))!, /not be more than 24 hours/);
  assert.match((await message({ changelog: 'x'.repeat(5000) }, ['FAIL_ON_FIELD_LENGTH']))!, /longer than 4096/);
  assert.equal(await message({ changelog: 'x'.repeat(5000) }), undefined);
});

test('an entity search is paged by its cursor', async () => {
  const search =
    'query ($query: String, $cursor: String) { actor { entitySearch(query: $query) { count results(cursor: ' +
    '$cursor) { entities { __typename name guid domain } nextCursor } } } }';
  type Found = {
    actor: { entitySearch: { count: number; results: { entities: { name: string }[]; nextCursor: string | null } } };
  };
  const names: string[] = [];
  for (let cursor: string | null = null, pages = 0; pages === 0 || cursor; pages++) {
    const {
      actor: { entitySearch },
    } = (await data(search, { query: "reporting = 'true'", cursor })) as Found;
    assert.equal(entitySearch.count, 4);
    names.push(...entitySearch.results.entities.map(({ name }) => name));
    cursor = entitySearch.results.nextCursor;
  }
  assert.deepEqual(names, ['prod-01', 'prod-02', 'prod-03', 'storefront']);
  assert.equal(
    ((await data(search, { query: "name LIKE 'prod' AND type IN ('HOST')" })) as Found).actor.entitySearch.count,
    3,
  );
  assert.match((await post(search, { query: 'name =' })).answer.errors![0]!.message, /NRQL Syntax Error/);
});

test('a GraphQL error as a fault has its class, on HTTP 200', async () => {
  faults.set({ newRelic: [{ kind: 'graphqlErrors', errorClass: 'TOO_MANY_REQUESTS', times: 1 }] });
  const { status, answer } = await post(nrqlQuery, { query: 'SELECT count(*) FROM Transaction', accountId });
  assert.equal(status, 200);
  assert.deepEqual(answer.data, { actor: { account: { nrql: null } } });
  assert.equal(answer.errors?.[0]?.extensions?.['errorClass'], 'TOO_MANY_REQUESTS');
  assert.ok((await nrql('SELECT count(*) FROM Transaction')).results);
});

const vendorFiles = ['nerdgraph-emulator-subset.graphql', 'nerdgraph-2026-04-19.full.graphql'].map(
  name => new URL(`../../../../shared/contracts/newrelic/${name}`, import.meta.url),
);
for (const file of vendorFiles) {
  test(
    `every type, field, argument and value exists in ${file.pathname.split('/').at(-1)} with the same type`,
    { skip: existsSync(file) ? false : "the vendor's schema is not on this machine" },
    () => {
      assert.deepEqual(differences(buildSchema(readFileSync(file, 'utf8')).getTypeMap()), []);
    },
  );
}

/** The vendor's schema is at hand without what is deprecated in it. */
const isListed = ({ deprecationReason }: { readonly deprecationReason?: string | null }): boolean =>
  deprecationReason === undefined || deprecationReason === null;

function differences(vendor: Readonly<Record<string, GraphQLNamedType>>): readonly string[] {
  const found: string[] = [];
  for (const [name, ours] of Object.entries(nerdGraphSchema().getTypeMap())) {
    if (name.startsWith('__') || ['Int', 'String', 'Boolean', 'ID', 'Float'].includes(name)) continue;
    const theirs = vendor[name];
    if (theirs?.constructor !== ours.constructor) {
      found.push(name);
      continue;
    }
    if (isEnumType(ours) && isEnumType(theirs))
      found.push(
        ...ours
          .getValues()
          .filter(value => !theirs.getValue(value.name))
          .map(value => `${name}.${value.name}`),
      );
    if ((isObjectType(ours) || isInterfaceType(ours)) && (isObjectType(theirs) || isInterfaceType(theirs))) {
      for (const field of Object.values(ours.getFields()).filter(isListed)) {
        const same = theirs.getFields()[field.name];
        const signature = (args: readonly GraphQLArgument[]) =>
          args
            .map(argument => `${argument.name}: ${String(argument.type)} ${JSON.stringify(argument.defaultValue)}`)
            .sort()
            .join();
        if (String(same?.type) !== String(field.type) || signature(field.args) !== signature(same!.args))
          found.push(`${name}.${field.name}`);
      }
    }
    if (isInputObjectType(ours) && isInputObjectType(theirs)) {
      for (const field of Object.values(ours.getFields()).filter(isListed))
        if (String(theirs.getFields()[field.name]?.type) !== String(field.type)) found.push(`${name}.${field.name}`);
      const missing = Object.values(theirs.getFields())
        .filter(field => !ours.getFields()[field.name])
        .map(field => field.name);
      if (name.startsWith('ChangeTracking') && missing.length > 0) found.push(`${name} lacks ${missing.join()}`);
    }
  }
  return found;
}
