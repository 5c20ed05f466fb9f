// Speaks to Jenkins: a job's builds, starting one, following it through the queue, its console, stopping it.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, FailureKind, Result } from '../../model/failure.ts';
import type { BuildResult, JenkinsConnection } from './options.ts';
import type { Clock } from '../../model/ports.ts';
import { createRedactor } from '../../model/redact.ts';
import { basicAuthorization } from '../transport/credentials.ts';
import type { Credentials } from '../../model/outside.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../model/outside.ts';
import { textOf } from '../transport/http.ts';
import { askOnce, failureOfStatus, withRetry } from '../transport/httpRetry.ts';
import type { Attempt } from '../transport/httpRetry.ts';
import { listMember, member, numberMember, parseJson, textMember } from '../transport/json.decode.ts';

export interface JenkinsDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: Credentials;
}

/** One conversation about one job; `deadlineMs` bounds every call's retries. */
export interface JenkinsJob {
  readonly connection: JenkinsConnection;
  readonly job: string;
  readonly deadlineMs: number;
}

export interface JenkinsBuild {
  readonly number: number;
  readonly url: string;
  readonly building: boolean;
  readonly result: BuildResult | null;
  readonly displayName: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly parameters: ReadonlyMap<string, string>;
  /** Paths of what it kept; empty where they were not asked for. */
  readonly artifacts: readonly string[];
  /** md5 (hex) by the name of the file, where Jenkins recorded one. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

/** The gentlest first. */
export const stopForces = ['stop', 'term', 'kill'] as const;
export type StopForce = (typeof stopForces)[number];

export interface QueueItem {
  readonly cancelled: boolean;
  readonly why?: string;
  readonly buildNumber?: number;
}

/** The number of the queue item; or a failure, which says whether Jenkins may have taken it all the same. */
export type Triggered =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly failure: Failure; readonly unsure: boolean };

export interface Jenkins {
  /**
   * Which parameters the job declares; empty for one without any. Fails when there is no such job or it may not be
   * built.
   */
  parameters(job: JenkinsJob, signal: AbortSignal): Promise<Result<readonly string[]>>;
  /** Newest first; `withFiles`: with their artifacts and fingerprints. */
  builds(
    job: JenkinsJob,
    limit: number,
    withFiles: boolean,
    signal: AbortSignal,
  ): Promise<Result<readonly JenkinsBuild[]>>;
  build(job: JenkinsJob, number: number, signal: AbortSignal): Promise<Result<JenkinsBuild>>;
  /** Never repeated when it is not known whether Jenkins took it. Parameters absent: for a job without. */
  trigger(
    job: JenkinsJob,
    parameters: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<Triggered>;
  /** undefined: Jenkins does not know the item any more (five minutes after it left the queue). */
  queueItem(job: JenkinsJob, item: number, signal: AbortSignal): Promise<Result<QueueItem | undefined>>;
  /** The oldest waiting item that bears the parameter. */
  findQueued(
    job: JenkinsJob,
    parameter: string,
    value: string,
    signal: AbortSignal,
  ): Promise<Result<number | undefined>>;
  /** Bytes of the console from `offset` on; `nextOffset` counts bytes. */
  console(
    job: JenkinsJob,
    number: number,
    offset: number,
    signal: AbortSignal,
  ): Promise<Result<{ readonly bytes: Uint8Array; readonly nextOffset: number; readonly more: boolean }>>;
  /**
   * `stop` asks any build to end; `term` and `kill` do so with more force, and only Pipelines know them: the failure is
   * then not-found.
   */
  stop(job: JenkinsJob, number: number, force: StopForce, signal: AbortSignal): Promise<Result<void>>;
  cancelItem(job: JenkinsJob, item: number, signal: AbortSignal): Promise<Result<void>>;
}

const buildTree = 'number,url,building,result,displayName,timestamp,duration,actions[parameters[name,value]]';

export function createJenkins(deps: JenkinsDeps): Jenkins {
  const getJson = (job: JenkinsJob, path: string, signal: AbortSignal) => callJson(deps, job, path, signal);
  return {
    async parameters(job, signal) {
      const found = await getJson(
        job,
        `${jobPath(job.job)}/api/json?tree=buildable,property[parameterDefinitions[name]]`,
        signal,
      );
      if (!found.ok) return found;
      if (member(found.value, 'buildable') === false) return fail('refused', `Jenkins job "${job.job}" is disabled.`);
      return succeed(
        listMember(found.value, 'property')
          .flatMap(one => listMember(one, 'parameterDefinitions'))
          .flatMap(one => textMember(one, 'name') ?? []),
      );
    },
    async builds(job, limit, withFiles, signal) {
      const tree = withFiles ? `${buildTree},artifacts[relativePath],fingerprint[fileName,hash]` : buildTree;
      const found = await getJson(job, `${jobPath(job.job)}/api/json?tree=builds[${tree}]{0,${limit}}`, signal);
      if (!found.ok) return found;
      const builds = listMember(found.value, 'builds').flatMap(one => buildOf(one) ?? []);
      return succeed([...new Map(builds.map(build => [build.number, build])).values()].slice(0, limit));
    },
    async build(job, number, signal) {
      const found = await getJson(job, `${jobPath(job.job)}/${number}/api/json?tree=${buildTree}`, signal);
      if (!found.ok) return found;
      const build = buildOf(found.value);
      return build
        ? succeed(build)
        : fail('bad-answer', `Jenkins described build ${number} of "${job.job}" without its number.`);
    },
    trigger: (job, parameters, signal) => triggerBuild(deps, job, parameters, signal),
    async queueItem(job, item, signal) {
      const found = await callJson(deps, job, `/queue/item/${item}/api/json`, signal, one => one.status === 404);
      return found.ok ? succeed(found.value === undefined ? undefined : queueItemOf(found.value)) : found;
    },
    async findQueued(job, parameter, value, signal) {
      const found = await getJson(job, '/queue/api/json?tree=items[id,actions[parameters[name,value]]]', signal);
      if (!found.ok) return found;
      const ids = listMember(found.value, 'items')
        .filter(item => parametersOf(item).get(parameter) === value)
        .flatMap(item => numberMember(item, 'id') ?? []);
      return succeed(ids.length > 0 ? Math.min(...ids) : undefined);
    },
    async console(job, number, offset, signal) {
      const answer = await call(
        deps,
        job,
        { method: 'GET', path: `${jobPath(job.job)}/${number}/logText/progressiveText?start=${offset}` },
        signal,
      );
      if (!answer.ok) return answer;
      const { bytes, headers } = answer.value;
      const size = Number(headers['x-text-size'] ?? NaN);
      if (!Number.isSafeInteger(size))
        return fail('bad-answer', `Jenkins job "${job.job}": the console of build ${number} came without its size.`);
      return succeed({ bytes, nextOffset: size, more: headers['x-more-data'] === 'true' });
    },
    stop: (job, number, force, signal) => order(deps, job, `${jobPath(job.job)}/${number}/${force}`, signal),
    cancelItem: (job, item, signal) => order(deps, job, `/queue/cancelItem?id=${item}`, signal),
  };
}

/** `folder/job` as `/job/folder/job/job`. */
function jobPath(job: string): string {
  return job
    .split('/')
    .filter(Boolean)
    .map(segment => `/job/${encodeURIComponent(segment)}`)
    .join('');
}

interface JenkinsCall {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST: asking twice does no harm. */
  readonly repeatable?: boolean;
}

/**
 * An answer takes no more than the longest, nor more than half of the time that is left, so that there is time to ask
 * again. What is asked again is waited for longer each time.
 */
const firstAnswerMs = 10_000,
  longestAnswerMs = 30_000;

function call(
  deps: JenkinsDeps,
  job: JenkinsJob,
  request: JenkinsCall,
  signal: AbortSignal,
  accepts?: (answer: HttpAnswer) => boolean,
): Promise<Result<HttpAnswer>> {
  let tries = 0;
  return withRetry(deps.clock, { deadlineMs: job.deadlineMs, signal }, () =>
    callOnce(deps, job, { ...request, tries: ++tries }, signal, accepts),
  );
}

/** A document that came damaged is asked for again. */
function callJson(
  deps: JenkinsDeps,
  job: JenkinsJob,
  path: string,
  signal: AbortSignal,
  accepts?: (answer: HttpAnswer) => boolean,
): Promise<Result<unknown>> {
  let tries = 0;
  return withRetry(deps.clock, { deadlineMs: job.deadlineMs, signal }, async (): Promise<Attempt<unknown>> => {
    const { result: answer, again } = await callOnce(
      deps,
      job,
      { method: 'GET', path, tries: ++tries },
      signal,
      accepts,
    );
    if (!answer.ok) return { result: answer, ...(again && { again }) };
    if (answer.value.status === 404) return { result: succeed(undefined) };
    const parsed = parseJson(answer.value.bytes, 'Jenkins');
    if (parsed.ok) return { result: parsed };
    return {
      result: {
        ok: false,
        failure: { ...parsed.failure, message: `Jenkins job "${job.job}": ${parsed.failure.message}` },
      },
      again: {},
    };
  });
}

function callOnce(
  deps: JenkinsDeps,
  job: JenkinsJob,
  { method, path, form, headers, repeatable = method === 'GET', tries }: JenkinsCall & { readonly tries: number },
  signal: AbortSignal,
  accepts?: (answer: HttpAnswer) => boolean,
): Promise<Attempt<HttpAnswer>> {
  const credential = deps.credentials.get(job.connection.credential, job.connection.url);
  if (!credential.ok) return Promise.resolve({ result: credential });
  return askOnce(
    { http: deps.http, clock: deps.clock, redact: createRedactor([credential.value]) },
    {
      request: {
        method,
        url: `${job.connection.url.replace(/\/+$/, '')}${path}`,
        headers: {
          Authorization: basicAuthorization(credential.value),
          ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
      },
      what: `Jenkins job "${job.job}"`,
      repeatable,
      deadlineMs: job.deadlineMs,
      timeoutMs: Math.min(
        longestAnswerMs,
        repeatable ? tries * firstAnswerMs : Infinity,
        (job.deadlineMs - deps.clock.now()) / 2,
      ),
      ...(accepts && { accepts }),
    },
    signal,
  );
}

/** Of a start that Jenkins may have taken although its answer got lost. */
const unsureKinds: ReadonlySet<FailureKind> = new Set(['timeout', 'unreachable', 'bad-answer', 'cancelled']);

async function triggerBuild(
  deps: JenkinsDeps,
  job: JenkinsJob,
  parameters: Readonly<Record<string, string>> | undefined,
  signal: AbortSignal,
): Promise<Triggered> {
  const path = `${jobPath(job.job)}/${parameters ? 'buildWithParameters' : 'build'}`;
  const answer = await post(deps, job, { path, form: parameters ?? {} }, signal);
  if (!answer.ok) return { ...answer, unsure: unsureKinds.has(answer.failure.kind) };
  const item = /\/queue\/item\/(\d{1,15})\/?$/.exec(answer.value.headers['location'] ?? '');
  if (answer.value.status !== 201 || !item)
    return {
      ...fail(
        'bad-answer',
        `Jenkins answered the start of "${job.job}" with ${answer.value.status} and no queue item.`,
      ),
      unsure: true,
    };
  return { ok: true, value: Number(item[1]) };
}

/** Ends something, which does no harm when it is said twice. */
async function order(deps: JenkinsDeps, job: JenkinsJob, path: string, signal: AbortSignal): Promise<Result<void>> {
  let answer = await post(deps, job, { path, form: {}, repeatable: true }, signal);
  if (answer.ok && isPage(answer.value)) answer = await post(deps, job, { path, form: {}, repeatable: true }, signal);
  if (answer.ok && isPage(answer.value))
    return fail('bad-answer', `Jenkins job "${job.job}": a page came instead of Jenkins' answer.`);
  return answer.ok ? succeed(undefined) : answer;
}

/**
 * Redirects are Jenkins' way to say yes. API tokens need no crumb; where one is asked for, it is fetched with its
 * session and sent.
 */
async function post(
  deps: JenkinsDeps,
  job: JenkinsJob,
  request: Pick<JenkinsCall, 'path' | 'form' | 'repeatable'>,
  signal: AbortSignal,
): Promise<Result<HttpAnswer>> {
  const accepts = (answer: HttpAnswer) => (answer.status >= 300 && answer.status <= 399) || wantsCrumb(answer);
  const first = await call(deps, job, { method: 'POST', ...request }, signal, accepts);
  if (!first.ok || !wantsCrumb(first.value)) return first;
  const issued = await issueCrumb(deps, job, signal);
  if (!issued.ok) return issued;
  const second = await call(deps, job, { method: 'POST', ...request, headers: issued.value }, signal, accepts);
  if (!second.ok || !wantsCrumb(second.value)) return second;
  return { ok: false, failure: failureOfStatus(second.value, `Jenkins job "${job.job}"`, text => text) };
}

/** The headers that make a request one of the crumb's session. */
function issueCrumb(
  deps: JenkinsDeps,
  job: JenkinsJob,
  signal: AbortSignal,
): Promise<Result<Readonly<Record<string, string>>>> {
  let tries = 0;
  return withRetry(
    deps.clock,
    { deadlineMs: job.deadlineMs, signal },
    async (): Promise<Attempt<Readonly<Record<string, string>>>> => {
      const { result: issued, again } = await callOnce(
        deps,
        job,
        { method: 'GET', path: '/crumbIssuer/api/json', tries: ++tries },
        signal,
      );
      if (!issued.ok) return { result: issued, ...(again && { again }) };
      const document = parseJson(issued.value.bytes, 'Jenkins');
      const field = document.ok ? textMember(document.value, 'crumbRequestField') : undefined,
        crumb = document.ok ? textMember(document.value, 'crumb') : undefined;
      if (!field || !crumb)
        return { result: fail('bad-answer', `Jenkins job "${job.job}": no crumb was issued.`), again: {} };
      const cookie = issued.value.cookies.map(one => one.split(';')[0]!).join('; ');
      return { result: succeed({ [field]: crumb, ...(cookie && { Cookie: cookie }) }) };
    },
  );
}

/** Jenkins answers an order with a redirect or with nothing; a page is a sign-in's or a proxy's. */
function isPage({ status, bytes }: HttpAnswer): boolean {
  return status >= 200 && status <= 299 && bytes.length > 0;
}

function wantsCrumb(answer: HttpAnswer): boolean {
  return answer.status === 403 && /crumb/i.test(textOf(answer.bytes, 4_000));
}

const results: readonly BuildResult[] = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT', 'ABORTED'];

function buildOf(value: unknown): JenkinsBuild | undefined {
  const number = numberMember(value, 'number');
  if (number === undefined) return undefined;
  const result = textMember(value, 'result');
  return {
    number,
    url: textMember(value, 'url') ?? '',
    building: member(value, 'building') === true,
    result: results.find(one => one === result) ?? null,
    displayName: textMember(value, 'displayName') ?? `#${number}`,
    startedAtMs: numberMember(value, 'timestamp') ?? 0,
    durationMs: numberMember(value, 'duration') ?? 0,
    parameters: parametersOf(value),
    artifacts: listMember(value, 'artifacts').flatMap(one => textMember(one, 'relativePath') ?? []),
    fingerprints: fingerprintsOf(value),
  };
}

/** Two files of one name with different content have no fingerprint that could be told apart. */
function fingerprintsOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of listMember(value, 'fingerprint')) {
    const name = textMember(one, 'fileName')?.split('/').at(-1),
      hash = textMember(one, 'hash');
    if (name !== undefined && hash !== undefined && /^[0-9a-f]{32}$/.test(hash))
      found.set(name, found.has(name) && found.get(name) !== hash ? '' : hash);
  }
  return found;
}

/** Parameters of a build or of a queue item. */
function parametersOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const parameter of listMember(value, 'actions').flatMap(action => listMember(action, 'parameters'))) {
    const name = textMember(parameter, 'name'),
      content = member(parameter, 'value');
    if (
      name !== undefined &&
      (typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean')
    )
      found.set(name, String(content));
  }
  return found;
}

function queueItemOf(value: unknown): QueueItem {
  const why = textMember(value, 'why'),
    buildNumber = numberMember(member(value, 'executable'), 'number');
  return {
    cancelled: member(value, 'cancelled') === true,
    ...(why !== undefined && { why: why.slice(0, 300) }),
    ...(buildNumber !== undefined && { buildNumber }),
  };
}
