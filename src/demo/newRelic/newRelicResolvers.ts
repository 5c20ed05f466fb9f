// The resolvers of a local New Relic: what each field of NerdGraph's schema answers.
import type { Faults } from '../faults/faults.ts';
import type { Telemetry } from '../fleet/telemetry.ts';
import type { DemoRequest } from '../servers/httpServer.ts';
import {
  createChangeTracking,
  type ChangeTracking,
  type ChangeEventInput,
  type ChangeSearchFilter,
  type DataHandlingRules,
  type DeploymentInput,
} from './nerdGraphChanges.ts';
import {
  createEntityDirectory,
  type EntityDirectory,
  entityGuid,
  entityMembers,
  hostEntity,
  searchEntities,
  serviceEntity,
  type EntitySearchArguments,
} from './nerdGraphEntities.ts';
import { invalidInput, nerdGraphError } from './nerdGraphErrors.ts';
import { createNrqlRunner, type NrqlArguments, type NrqlRunner } from './nerdGraphNrql.ts';
import type { NewRelicOptions } from './newRelicOptions.ts';
import { defaultLimitMax } from './nrqlAnswer.ts';

export function rootOf(options: NewRelicOptions, mayQuery: () => boolean): Readonly<Record<string, unknown>> {
  const { now, sleep, faults, accountId } = options;
  const name = serviceNameOf(options);
  const entities = entitiesOf(options, name);
  const changes = createChangeTracking(telemetryOf(options), () => faults.now('newRelic'), entities);
  const nrql = createNrqlRunner({ now, sleep, limitMax: options.limitMax ?? defaultLimitMax });
  const failing = failingOf(faults);
  return {
    actor: {
      accounts: [{ id: accountId, name, reportingEventTypes: () => ['Log', ...options.telemetry.eventTypes()] }],
      user: {
        id: 1_000_001,
        name: 'Demo',
        email: 'demo@example.com',
        timeZoneName: 'Etc/UTC',
        createdAt: 1_700_000_000,
      },
      ...queriesOf(options, nrql, failing, mayQuery),
      ...entityQueriesOf(options, entities, changes, failing),
    },
    requestContext: { userId: '1000001' },
    changeTrackingCreateDeployment: failing(
      (given: { deployment: DeploymentInput; dataHandlingRules?: DataHandlingRules }) =>
        changes.createDeployment(given.deployment, given.dataHandlingRules ?? {}),
    ),
    changeTrackingCreateEvent: failing(
      (given: { changeTrackingEvent: ChangeEventInput; dataHandlingRules?: DataHandlingRules }) =>
        changes.createEvent(given.changeTrackingEvent, given.dataHandlingRules ?? {}),
    ),
    nrqlCancelQuery: ({ queryId }: { queryId: string }) => nrql.cancel(queryId),
  };
}

function serviceNameOf({ serviceName }: NewRelicOptions): string {
  return serviceName ?? 'storefront';
}

function entitiesOf(options: NewRelicOptions, name: string): EntityDirectory {
  return createEntityDirectory([
    serviceEntity(options.entityGuid, options.accountId, name),
    ...(options.otherAccounts ?? []).map(other =>
      serviceEntity(entityGuid({ accountId: other, domain: 'APM', type: 'APPLICATION', domainId: '1' }), other, name),
    ),
    ...(options.hosts ?? []).map((host, index) => hostEntity(options.accountId, host, String(9001 + index))),
  ]);
}

type Failing = ReturnType<typeof failingOf>;

/** Makes a resolver fail if a fault says so. */
function failingOf(faults: Faults) {
  return <A, R>(resolve: (given: A, request: DemoRequest) => R) =>
    (given: A, request: DemoRequest): R => {
      const fault = faults.take('newRelic', 'graphqlErrors', request);
      if (fault) throw nerdGraphError(fault.errorClass, fault.message);
      return resolve(given, request);
    };
}

/** The resolvers of NRQL, for one account and for several. */
function queriesOf(
  options: NewRelicOptions,
  nrql: NrqlRunner,
  failing: Failing,
  mayQuery: () => boolean,
): Readonly<Record<string, unknown>> {
  const { telemetry, faults, accountId } = options;
  const authorize = (ids: readonly number[]) => {
    const foreign = ids.find(id => id !== accountId);
    if (foreign !== undefined || ids.length === 0)
      throw nerdGraphError('UNAUTHORIZED', `You are not authorized to query account ${foreign ?? 'none'}`);
    return ids;
  };
  const run = (ids: readonly number[]) =>
    failing((given: NrqlArguments, request) => {
      if (!mayQuery()) throw nerdGraphError('TOO_MANY_REQUESTS');
      return nrql.run(
        given,
        authorize(ids),
        faults.view('newRelic', telemetry),
        faults.take('newRelic', 'slowQuery', request)?.durationMs ?? 0,
      );
    });
  return {
    account: ({ id }: { id: number }) => ({
      id,
      name: serviceNameOf(options),
      nrql: run([id]),
      nrqlQueryProgress: failing(({ queryId }: { queryId: string }) => nrql.progress(queryId, authorize([id]))),
    }),
    nrql: (given: NrqlArguments & { accounts: readonly number[] }, request: DemoRequest) =>
      run(given.accounts)(given, request),
    nrqlQueryProgress: failing((given: { accounts: readonly number[]; queryId: string }) =>
      nrql.progress(given.queryId, authorize(given.accounts)),
    ),
    queryHistory: { nrql: ({ options: asked }: { options?: { limit?: number } }) => nrql.history(asked?.limit ?? 10) },
  };
}

/** The resolvers of entities, and of the changes that were marked on them. */
function entityQueriesOf(
  { faults, entityPageSize = 200 }: NewRelicOptions,
  entities: EntityDirectory,
  changes: ChangeTracking,
  failing: Failing,
): Readonly<Record<string, unknown>> {
  return {
    entity: ({ guid }: { guid: string }) => {
      const entity = entities.find(guid);
      return (
        entity && {
          ...entityMembers(entity, ''),
          deploymentSearch: ({ filter }: { filter?: ChangeSearchFilter }) => ({
            results: changes.searchDeployments(guid, filter ?? {}),
          }),
        }
      );
    },
    entitySearch: failing((given: EntitySearchArguments, request) => {
      if (!given.query && !given.queryBuilder) throw invalidInput('entitySearch needs a query or a queryBuilder.');
      const isDuplicated = faults.take('newRelic', 'duplicates', request) !== undefined;
      return searchEntities(entities, given, entityPageSize, isDuplicated);
    }),
    changeTracking: {
      changeTrackingSearch: ({ filter }: { filter?: ChangeSearchFilter }) => ({
        changeEvents: changes.searchEvents(filter ?? {}),
      }),
    },
  };
}

/** Stored by our clock; read and written by the vendor's clock. */
function telemetryOf({ telemetry, faults, now }: NewRelicOptions): Telemetry {
  return {
    ...telemetry,
    addEvent: event => {
      telemetry.addEvent({ ...event, atMs: event.atMs - (faults.now('newRelic') - now()) });
    },
    events: (type, fromMs, toMs) => faults.view('newRelic', telemetry).events(type, fromMs, toMs),
  };
}
