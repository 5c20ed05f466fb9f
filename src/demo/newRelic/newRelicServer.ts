// A local New Relic: NerdGraph over the fleet's telemetry, checked against the schema and answered in the vendor's
// format.
import { execute, parse, validate, GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import { withFaults, type Faults } from '../faults/faults.ts';
import {
  jsonResponse,
  textResponse,
  type DemoRequest,
  type DemoResponse,
  type Handler,
} from '../servers/httpServer.ts';
import {
  createChangeTracking,
  type ChangeEventInput,
  type ChangeSearchFilter,
  type DataHandlingRules,
  type DeploymentInput,
} from './nerdGraphChanges.ts';
import {
  createEntityDirectory,
  entityGuid,
  entityMembers,
  hostEntity,
  searchEntities,
  serviceEntity,
  type EntitySearchArguments,
} from './nerdGraphEntities.ts';
import { invalidInput, nerdGraphError } from './nerdGraphErrors.ts';
import { createNrqlRunner, type NrqlArguments } from './nerdGraphNrql.ts';
import { nerdGraphSchema } from './nerdGraphSchema.ts';
import { defaultLimitMax } from './nrqlAnswer.ts';
import type { Telemetry } from '../fleet/telemetry.ts';

export interface NewRelicOptions {
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly faults: Faults;
  readonly accountId: number;
  readonly apiKey: string;
  /** The entity of the service, an APM application. */
  readonly entityGuid: string;
  /** Further accounts whose entities the user sees; each has a service of the same name. */
  readonly otherAccounts?: readonly number[];
  readonly serviceName?: string;
  /** Names of the host entities. */
  readonly hosts?: readonly string[];
  readonly entityPageSize?: number;
  /** The number of rows for `LIMIT MAX`. */
  readonly limitMax?: number;
  readonly limits?: AccountLimits;
}

/**
 * More than `concurrent` requests at once: HTTP 429. More than this many queries in a minute: the class
 * TOO_MANY_REQUESTS with HTTP 200.
 */
export interface AccountLimits {
  readonly concurrent: number;
  readonly queriesPerMinute: number;
}
const vendorLimits: AccountLimits = { concurrent: 25, queriesPerMinute: 3_000 };

/** `POST /graphql` of NerdGraph. */
export function createNewRelicServer(options: NewRelicOptions): { readonly handle: Handler } {
  const { faults } = options,
    { concurrent, queriesPerMinute } = options.limits ?? vendorLimits;
  const root = rootOf(options, createRate(queriesPerMinute, options.now));
  let underWay = 0;
  const handle = async (request: DemoRequest): Promise<DemoResponse> => {
    if (request.path !== '/graphql') return jsonResponse(404, { errors: [{ message: 'Not found' }] });
    if (request.method !== 'POST') return textResponse(405, 'Method Not Allowed', { Allow: 'POST' });
    if (request.headers['api-key'] !== options.apiKey) return failWith(401);
    const operation = readOperation(request.body);
    if (!operation)
      return jsonResponse(400, { errors: [{ message: 'The request body must be JSON with a "query".' }] });
    const document = documentOf(operation.query, faults.take('newRelic', 'olderSchema', request) ? 'older' : 'current');
    if (Array.isArray(document)) return jsonResponse(200, { errors: document });
    const result = await execute({
      schema: schema('current'),
      document: document as DocumentNode,
      rootValue: root,
      contextValue: request,
      variableValues: operation.variables,
      operationName: operation.operationName,
    });
    return jsonResponse(200, faults.take('newRelic', 'numericQueryIds', request) ? withNumericIds(result) : result);
  };
  const limited: Handler = async request => {
    if (underWay >= concurrent) return failWith(429);
    underWay++;
    try {
      return await handle(request);
    } finally {
      underWay--;
    }
  };
  return { handle: withFaults('newRelic', faults, options.sleep, failWith, limited) };
}

/** Also where the schema wants a text: both forms of an id are the same to clients. */
function withNumericIds(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result), (name, value: unknown) =>
    name === 'queryId' && value !== null ? Number(value) : value,
  );
}

/** Whether one more query may be run in this minute; counts it when it may. */
function createRate(perMinute: number, now: () => number): () => boolean {
  const starts: number[] = [];
  return () => {
    while (starts.length > 0 && starts[0]! <= now() - 60_000) starts.shift();
    return starts.length < perMinute && starts.push(now()) > 0;
  };
}

function rootOf(options: NewRelicOptions, mayQuery: () => boolean): Readonly<Record<string, unknown>> {
  const { telemetry, now, sleep, faults, accountId } = options;
  const name = options.serviceName ?? 'storefront';
  const entities = createEntityDirectory([
    serviceEntity(options.entityGuid, accountId, name),
    ...(options.otherAccounts ?? []).map(other =>
      serviceEntity(entityGuid({ accountId: other, domain: 'APM', type: 'APPLICATION', domainId: '1' }), other, name),
    ),
    ...(options.hosts ?? []).map((host, index) => hostEntity(accountId, host, String(9001 + index))),
  ]);
  const changes = createChangeTracking(telemetryOf(options), () => faults.now('newRelic'), entities);
  const nrql = createNrqlRunner({ now, sleep, limitMax: options.limitMax ?? defaultLimitMax });
  const authorize = (ids: readonly number[]) => {
    const foreign = ids.find(id => id !== accountId);
    if (foreign !== undefined || ids.length === 0)
      throw nerdGraphError('UNAUTHORIZED', `You are not authorized to query account ${foreign ?? 'none'}`);
    return ids;
  };
  /** A resolver that fails if a fault says so. */
  const failing =
    <A, R>(resolve: (given: A, request: DemoRequest) => R) =>
    (given: A, request: DemoRequest): R => {
      const fault = faults.take('newRelic', 'graphqlErrors', request);
      if (fault) throw nerdGraphError(fault.errorClass, fault.message);
      return resolve(given, request);
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
  const account = ({ id }: { id: number }) => ({
    id,
    name,
    nrql: run([id]),
    nrqlQueryProgress: failing(({ queryId }: { queryId: string }) => nrql.progress(queryId, authorize([id]))),
  });
  const actor = {
    account,
    accounts: [{ id: accountId, name, reportingEventTypes: () => ['Log', ...telemetry.eventTypes()] }],
    user: { id: 1_000_001, name: 'Demo', email: 'demo@example.com', timeZoneName: 'Etc/UTC', createdAt: 1_700_000_000 },
    nrql: (given: NrqlArguments & { accounts: readonly number[] }, request: DemoRequest) =>
      run(given.accounts)(given, request),
    nrqlQueryProgress: failing((given: { accounts: readonly number[]; queryId: string }) =>
      nrql.progress(given.queryId, authorize(given.accounts)),
    ),
    queryHistory: { nrql: ({ options: asked }: { options?: { limit?: number } }) => nrql.history(asked?.limit ?? 10) },
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
      return searchEntities(
        entities,
        given,
        options.entityPageSize ?? 200,
        faults.take('newRelic', 'duplicates', request) !== undefined,
      );
    }),
    changeTracking: {
      changeTrackingSearch: ({ filter }: { filter?: ChangeSearchFilter }) => ({
        changeEvents: changes.searchEvents(filter ?? {}),
      }),
    },
  };
  return {
    actor,
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

type Age = 'current' | 'older';
const builtSchemas = new Map<Age, GraphQLSchema>();
function schema(age: Age): GraphQLSchema {
  const built = builtSchemas.get(age) ?? nerdGraphSchema(age === 'older');
  builtSchemas.set(age, built);
  return built;
}

const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
const mostDocuments = 500;

/** Parsed and checked against the schema, or what is wrong with it. */
function documentOf(query: string, age: Age): DocumentNode | readonly GraphQLError[] {
  const key = `${age} ${query}`;
  const known = documents.get(key) ?? readDocument(query, age);
  if (documents.size >= mostDocuments) documents.clear();
  documents.set(key, known);
  return known;
}

function readDocument(query: string, age: Age): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: 10_000 });
    const problems = validate(schema(age), document);
    return problems.length > 0 ? problems : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

function readOperation(body: string): Operation | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('query' in value) || typeof value.query !== 'string')
    return undefined;
  const { variables, operationName } = value as { variables?: unknown; operationName?: unknown };
  return {
    query: value.query,
    variables:
      typeof variables === 'object' && variables !== null ? (variables as Readonly<Record<string, unknown>>) : {},
    operationName: typeof operationName === 'string' ? operationName : null,
  };
}

function failWith(status: number): DemoResponse {
  if (status === 401)
    return jsonResponse(401, {
      errors: [
        {
          message: 'Invalid credentials provided',
          extensions: { error_code: 'BAD_API_KEY', errorClass: 'UNAUTHORIZED' },
        },
      ],
    });
  if (status === 429)
    return jsonResponse(429, {
      errors: [{ message: 'Too many requests', extensions: { errorClass: 'TOO_MANY_REQUESTS' } }],
    });
  return jsonResponse(status, {
    errors: [
      { message: 'Internal server error', extensions: { errorClass: status >= 500 ? 'SERVER_ERROR' : 'CLIENT_ERROR' } },
    ],
  });
}
