// Deployment markers of the local New Relic: how they are created, found and refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, data, entityGuid, nrql, post, startMs } from './newRelicStage.ts';

/** As newrelic-client-go sends it, with every member it selects. */
const createDeployment =
  'mutation($dataHandlingRules: ChangeTrackingDataHandlingRules, $deployment: ChangeTrackingDeploymentInput!,)' +
  `
  { changeTrackingCreateDeployment(dataHandlingRules: $dataHandlingRules, deployment: $deployment,)
  { changelog commit deepLink deploymentId deploymentType description entityGuid groupId timestamp user version } }`;

test('a deployment marker is kept, found on its entity, and readable by NRQL under both names', async () => {
  clock.nowMs = startMs;
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
  clock.nowMs = startMs;
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
