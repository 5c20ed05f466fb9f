// A local New Relic with a minute of transactions, and the calls of its clients.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';

export const startMs = Date.UTC(2026, 10, 23, 12, 0, 0);
export const accountId = 1234567;
export const apiKey = 'NRAK-DEMO';
export const entityGuid = Buffer.from(`${accountId}|APM|APPLICATION|42`).toString('base64');

/** The time on the server's clock, which tests set. */
export const clock = { nowMs: startMs };
export const telemetry = createTelemetry();
export const faults = createFaults(() => clock.nowMs);
const { handle } = createNewRelicServer({
  telemetry,
  now: () => clock.nowMs,
  sleep: durationMs => {
    clock.nowMs += durationMs;
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
export const server = await listen(handle);
after(() => server.close());

export interface Answer {
  readonly data?: { readonly [name: string]: unknown; readonly actor?: unknown };
  readonly errors?: readonly { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

export async function post(
  query: string,
  variables: unknown = {},
  key = apiKey,
): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Api-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}
export async function data(query: string, variables: unknown = {}): Promise<never> {
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
export const nrqlQuery =
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
export async function nrql(query: string, more: object = {}): Promise<Container> {
  return ((await data(nrqlQuery, { query, accountId, ...more })) as { actor: { account: { nrql: Container } } }).actor
    .account.nrql;
}
