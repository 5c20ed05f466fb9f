// New Relic on this machine, called over HTTP as clients do that were not written for it: queries, access and limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { getIntrospectionQuery, validateSchema } from 'graphql';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { nerdGraphSchema } from '../../../src/demo/newRelic/nerdGraphSchema.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import {
  type Answer,
  accountId,
  apiKey,
  clock,
  data,
  entityGuid,
  faults,
  nrql,
  nrqlQuery,
  post,
  server,
  startMs,
  telemetry,
} from './newRelicStage.ts';

test('a synchronous query answers every member that clients select', async () => {
  clock.nowMs = startMs;
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
  clock.nowMs = startMs;
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
  clock.nowMs = startMs;
  faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 8000 }] });
  const first = await nrql('SELECT count(*) FROM Transaction SINCE 1 minute ago', { async: true });
  faults.set({});
  assert.equal(first.results, null);
  assert.equal(first.queryProgress.completed, false);
  assert.match(first.queryProgress.queryId!, /^\d+$/);
  assert.equal(clock.nowMs, startMs + 5000);
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
  clock.nowMs = startMs + 8000;
  assert.deepEqual(await ask(), { results: [{ count: 60 }], queryProgress: { completed: true, retryAfter: null } });
  clock.nowMs += 601_000;
  assert.match((await post(progress, { id: first.queryProgress.queryId })).answer.errors![0]!.message, /expired/);
});

test('a running query can be cancelled, once', async () => {
  clock.nowMs = startMs;
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
  clock.nowMs = startMs;
  faults.set({ newRelic: [{ kind: 'slowQuery', durationMs: 8000 }] });
  assert.ok((await nrql('SELECT count(*) FROM Transaction', { timeout: '30', async: false })).results);
  const { queryProgress } = await nrql('SELECT count(*) FROM Transaction', { timeout: '30', async: true });
  faults.set({});
  clock.nowMs += 4000;
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
  clock.nowMs = startMs;
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
