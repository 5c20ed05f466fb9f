// A local New Relic: NerdGraph over the fleet's telemetry, checked against the schema and answered in the vendor's
// format.
import { execute, parse, validate, GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import { withFaults } from '../faults/faults.ts';
import {
  jsonResponse,
  textResponse,
  type DemoRequest,
  type DemoResponse,
  type Handler,
} from '../servers/httpServer.ts';
import { nerdGraphSchema } from './nerdGraphSchema.ts';
import type { AccountLimits, NewRelicOptions } from './newRelicOptions.ts';
import { rootOf } from './newRelicResolvers.ts';

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
