// Speaks to Jenkins: a job's builds, starting one, following it through the queue, its console, stopping it.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, FailureKind, Result } from '../../model/failure.ts';
import type { HttpAnswer } from '../../model/outside.ts';
import { buildOf, parametersOf, queueItemOf } from './documents.ts';
import type { JenkinsBuild, QueueItem } from './documents.ts';
import { call, callJson, post } from './requests.ts';
import type { JenkinsDeps, JenkinsJob } from './requests.ts';
import { listMember, member, numberMember, textMember } from '../transport/decode/json.decode.ts';

/** The gentlest first. */
export const stopForces = ['stop', 'term', 'kill'] as const;
export type StopForce = (typeof stopForces)[number];

/** The number of the queue item; or a failure, which says whether Jenkins may have taken it all the same. */
export type Triggered =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly failure: Failure; readonly unsure: boolean };

interface ConsolePiece {
  readonly bytes: Uint8Array;
  /** In bytes. */
  readonly nextOffset: number;
  readonly more: boolean;
}

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
  /** Bytes of the console from `offset` on. */
  console(job: JenkinsJob, number: number, offset: number, signal: AbortSignal): Promise<Result<ConsolePiece>>;
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
    parameters: (job, signal) => readParameters(deps, job, signal),
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
    console: (job, number, offset, signal) => readConsole(deps, job, number, offset, signal),
    stop: (job, number, force, signal) => order(deps, job, `${jobPath(job.job)}/${number}/${force}`, signal),
    cancelItem: (job, item, signal) => order(deps, job, `/queue/cancelItem?id=${item}`, signal),
  };
}

async function readParameters(
  deps: JenkinsDeps,
  job: JenkinsJob,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  const found = await callJson(
    deps,
    job,
    `${jobPath(job.job)}/api/json?tree=buildable,property[parameterDefinitions[name]]`,
    signal,
  );
  if (!found.ok) return found;
  // Only what can be built says whether it can: a folder and a job of several branches do not.
  if (typeof member(found.value, 'buildable') !== 'boolean')
    return fail(
      'not-found',
      `Jenkins has "${job.job}" as a folder or with several branches, which is no job to build.`,
      {
        hint: 'Name a job in it, such as `folder/job`; of several branches also the `branch`.',
      },
    );
  if (member(found.value, 'buildable') === false) return fail('refused', `Jenkins job "${job.job}" is disabled.`);
  return succeed(
    listMember(found.value, 'property')
      .flatMap(one => listMember(one, 'parameterDefinitions'))
      .flatMap(one => textMember(one, 'name') ?? []),
  );
}

async function readConsole(
  deps: JenkinsDeps,
  job: JenkinsJob,
  number: number,
  offset: number,
  signal: AbortSignal,
): Promise<Result<ConsolePiece>> {
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
}

/** `folder/job` as `/job/folder/job/job`. */
export function jobPath(job: string): string {
  return job
    .split('/')
    .filter(Boolean)
    .map(segment => `/job/${encodeURIComponent(segment)}`)
    .join('');
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

/** Jenkins answers an order with a redirect or with nothing; a page is a sign-in's or a proxy's. */
function isPage({ status, bytes }: HttpAnswer): boolean {
  return status >= 200 && status <= 299 && bytes.length > 0;
}
