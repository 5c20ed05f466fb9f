// A local Sumo Logic: the Search Job API over the fleet's log records, with its limits and errors, and metrics queries.
import { withFaults, type Faults } from '../faults/faults.ts';
import {
  basicCredentials,
  cookiesOf,
  jsonResponse,
  type DemoRequest,
  type DemoResponse,
  type Handler,
} from '../servers/httpServer.ts';
import { answerCollectors } from './collectors.ts';
import { readSearchRequest } from './create.ts';
import { createSearchJobs, type Pace, type SearchJob, type SearchJobs } from './jobs.ts';
import { answerMetricsQueries, answerMetricsResults } from './metrics.ts';
import { writeMessages, recordsPage } from './pages.ts';
import { estimateUsage, type DataTier } from './usage.ts';
import type { Telemetry } from '../fleet/telemetry.ts';

export interface SumoLogicOptions {
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly faults: Faults;
  readonly accessId: string;
  readonly accessKey: string;
  readonly pace?: Pace;
  readonly limits?: SumoLogicLimits;
  /** A job that is not polled for this long is deleted. */
  readonly keepAliveMs?: number;
  /** Where the records of a category are stored; by default all in the Continuous tier. */
  readonly tierOf?: (category: string) => DataTier;
}

export interface SumoLogicLimits {
  readonly requestsPerSec: number;
  readonly concurrentRequests: number;
  readonly activeJobs: number;
}

/** The vendor's limits for one user. */
export const vendorLimits: SumoLogicLimits = { requestsPerSec: 4, concurrentRequests: 10, activeJobs: 200 };
const demoPace: Pace = { startMs: 50, gatherMs: 150 };
const mostRowsPerPage = 10_000;
const cookieName = 'JSESSIONID';

/** Everything under `/api/v1`. */
export function createSumoLogicServer(options: SumoLogicOptions): { readonly handle: Handler } {
  const jobs = createSearchJobs(options.now, options.pace ?? demoPace, options.keepAliveMs ?? 30_000);
  const limiter = createLimiter(options.now, options.limits ?? vendorLimits);
  const sessions = new Set<string>();
  const route = createRoutes(options, jobs, sessions);
  const handle = (request: DemoRequest): Promise<DemoResponse> => {
    const moved = options.faults.take('sumoLogic', 'wrongDeployment', request);
    if (moved) return Promise.resolve(redirect(request));
    const given = basicCredentials(request);
    if (given?.user !== options.accessId || given.password !== options.accessKey) return Promise.resolve(failWith(401));
    return Promise.resolve(route(request));
  };
  const faulty = withFaults('sumoLogic', options.faults, options.sleep, failWith, handle);
  return {
    handle: async request => {
      if (!limiter.enter()) return failWith(429);
      try {
        return await faulty(request);
      } finally {
        limiter.leave();
      }
    },
  };
}

function createRoutes(
  options: SumoLogicOptions,
  jobs: SearchJobs,
  sessions: Set<string>,
): (request: DemoRequest) => DemoResponse {
  return request => {
    const [root, version, area, kind, id, rest, ...more] = request.path.split('/').slice(1);
    if (root !== 'api' || version !== 'v1' || more.length > 0) return failWith(404);
    if (area === 'collectors' && id === undefined)
      return request.method === 'GET' ? (answerCollectors(request, kind) ?? failWith(404)) : failWith(405);
    if (area === 'metrics' && kind === 'results' && id === undefined)
      return request.method === 'POST' ? resultsOf(options, request) : failWith(405);
    if (area === 'metricsQueries' && kind === undefined)
      return request.method === 'POST' ? metricsOf(options, request) : failWith(405);
    if (area === 'logSearches' && (kind === 'estimatedUsage' || kind === 'estimatedUsageByTier') && id === undefined) {
      return request.method === 'POST' ? usageOf(options, request, kind === 'estimatedUsageByTier') : failWith(405);
    }
    if (area !== 'search' || kind !== 'jobs') return failWith(404);
    if (id === undefined || id === '')
      return request.method === 'POST' ? createJob(options, jobs, sessions, request) : failWith(405);
    return useJob(options.faults, jobs, request, id, rest);
  };
}

function createJob(
  { telemetry, faults, limits }: SumoLogicOptions,
  jobs: SearchJobs,
  sessions: Set<string>,
  request: DemoRequest,
): DemoResponse {
  const asked = readSearchRequest(request);
  if (!('query' in asked)) return errorResponse(...asked);
  if (jobs.active() >= (limits ?? vendorLimits).activeJobs) return failWith(429);
  const known = cookiesOf(request).get(cookieName);
  const session =
    known !== undefined && sessions.has(known)
      ? known
      : `sumo${(sessions.size + 1).toString(16).toUpperCase().padStart(12, '0')}`;
  sessions.add(session);
  const warning = faults.take('sumoLogic', 'warning', request);
  const job = jobs.create(asked, faults.view('sumoLogic', telemetry), session, warning ? [warning.message] : []);
  const href = `${baseUrl(request)}/api/v1/search/jobs/${job.id}`;
  return jsonResponse(
    202,
    { id: job.id, link: { rel: 'self', href } },
    { Location: href, 'Set-Cookie': `${cookieName}=${session}; Path=/; HttpOnly` },
  );
}

function useJob(
  faults: Faults,
  jobs: SearchJobs,
  request: DemoRequest,
  id: string,
  rest: string | undefined,
): DemoResponse {
  const job = jobs.find(id);
  if (job && faults.take('sumoLogic', 'expireJob', request)) jobs.expire(job);
  else if (
    job &&
    cookiesOf(request).get(cookieName) === job.session &&
    !faults.take('sumoLogic', 'loseCookie', request)
  ) {
    if (rest === 'messages' || rest === 'records')
      return request.method === 'GET' ? pageOf(faults, jobs, request, job, rest) : failWith(405);
    if (rest !== undefined) return failWith(404);
    if (request.method === 'GET') return jsonResponse(200, jobs.status(job));
    if (request.method !== 'DELETE') return failWith(405);
    jobs.delete(job);
    return jsonResponse(200, { id });
  }
  return errorResponse(404, 'jobid.invalid', 'Job ID is invalid.');
}

function pageOf(
  faults: Faults,
  jobs: SearchJobs,
  request: DemoRequest,
  job: SearchJob,
  kind: 'messages' | 'records',
): DemoResponse {
  if (kind === 'records' && !job.query?.count)
    return errorResponse(
      400,
      'no.records.not.an.aggregation.query',
      'No records: the query is not an aggregation query.',
    );
  const offset = numberIn(request, 'offset'),
    limit = numberIn(request, 'limit');
  const problem = pagingProblem('offset', offset) ?? pagingProblem('limit', limit);
  if (problem) return errorResponse(400, ...problem);
  const rows = Math.min(limit!, mostRowsPerPage, faults.take('sumoLogic', 'shortPages', request)?.rows ?? Infinity);
  if (kind === 'records') return jsonResponse(200, recordsPage(jobs.counted(job), offset!, rows));
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: writeMessages(jobs.gathered(job).slice(offset, offset! + rows), job.query?.timesliceMs),
  };
}

function metricsOf({ telemetry, faults }: SumoLogicOptions, request: DemoRequest): DemoResponse {
  const answer = answerMetricsQueries(
    request,
    faults.view('sumoLogic', telemetry),
    faults.take('sumoLogic', 'incompleteMetrics', request) !== undefined,
  );
  return 'refusal' in answer ? errorsResponse(...answer.refusal) : jsonResponse(200, answer.document);
}

function resultsOf({ telemetry, faults }: SumoLogicOptions, request: DemoRequest): DemoResponse {
  const answer = answerMetricsResults(request, faults.view('sumoLogic', telemetry));
  return 'refusal' in answer ? errorResponse(...answer.refusal) : jsonResponse(200, answer.document);
}

function usageOf(
  { telemetry, faults, tierOf = () => 'Continuous' }: SumoLogicOptions,
  request: DemoRequest,
  byTier: boolean,
): DemoResponse {
  const answer = estimateUsage(request, { telemetry: faults.view('sumoLogic', telemetry), tierOf }, byTier);
  return 'refusal' in answer ? errorsResponse(...answer.refusal) : jsonResponse(200, answer.document);
}

function numberIn(request: DemoRequest, name: string): number | undefined {
  const text = request.query.get(name);
  return text === null || !/^-?\d{1,15}$/.test(text) ? undefined : Number(text);
}

function pagingProblem(
  name: 'offset' | 'limit',
  value: number | undefined,
): readonly [code: string, message: string] | undefined {
  if (value === undefined) return [`${name}.missing`, `The '${name}' parameter is missing.`];
  if (value < 0) return [`${name}.negative`, `The '${name}' parameter is negative.`];
  return name === 'limit' && value === 0 ? ['limit.zero', "The 'limit' parameter is zero."] : undefined;
}

/** Requests of the last second, and requests that are not answered yet. */
function createLimiter(now: () => number, limits: SumoLogicLimits): { enter(): boolean; leave(): void } {
  let recentMs: readonly number[] = [];
  let open = 0;
  return {
    enter() {
      recentMs = recentMs.filter(atMs => now() - atMs < 1000);
      if (recentMs.length >= limits.requestsPerSec || open >= limits.concurrentRequests) return false;
      recentMs = [...recentMs, now()];
      open++;
      return true;
    },
    leave: () => {
      open--;
    },
  };
}

/** The URL of this server replaces that of the right deployment, so that no client is sent to the internet. */
function redirect(request: DemoRequest): DemoResponse {
  const query = request.query.toString();
  return errorResponse(
    301,
    'moved',
    'The requested resource SHOULD be accessed through returned URI in Location Header.',
    { Location: `${baseUrl(request)}${request.path}${query === '' ? '' : `?${query}`}` },
  );
}

function baseUrl(request: DemoRequest): string {
  return `http://${request.headers['host'] ?? '127.0.0.1'}`;
}

const usualErrors: ReadonlyMap<number, readonly [code: string, message: string]> = new Map([
  [401, ['unauthorized', 'Credential could not be verified.']],
  [403, ['forbidden', 'This operation is not allowed for your account type.']],
  [404, ['notfound', 'Requested resource could not be found.']],
  [405, ['method.unsupported', 'Unsupported method for URL.']],
  [429, ['rate.limit.exceeded', 'The API request rate is higher than 4 request/second or 240 requests/minute.']],
  [500, ['internal.error', 'Internal server error.']],
  [503, ['service.unavailable', 'Service is currently unavailable.']],
]);

function failWith(status: number): DemoResponse {
  return errorResponse(
    status,
    ...(usualErrors.get(status) ?? [status >= 500 ? 'internal.error' : 'generic', 'The request failed.']),
  );
}

function errorResponse(
  status: number,
  code: string,
  message: string,
  headers: DemoResponse['headers'] = {},
): DemoResponse {
  return jsonResponse(status, { status, id: nextErrorId(), code, message }, headers);
}

/** The error in the format of the newer APIs. */
function errorsResponse(status: number, code: string, message: string): DemoResponse {
  return jsonResponse(status, { id: nextErrorId(), errors: [{ code, message }] });
}

let errors = 0;
function nextErrorId(): string {
  return `${(++errors).toString(36).toUpperCase().padStart(5, 'A').slice(-5)}-SUMO0-DEMO1`;
}
