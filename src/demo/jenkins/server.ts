// Jenkins on this machine: triggers, queue, builds, consoles and crumbs as its remote API answers them.
import { createHash, randomUUID } from 'node:crypto';
import { withFaults, type Faults } from '../faults/faults.ts';
import {
  basicCredentials,
  cookiesOf,
  decodeSegment,
  jsonResponse,
  textResponse,
  type DemoRequest,
  type DemoResponse,
  type Handler,
} from '../servers/httpServer.ts';
import { createJenkinsState, logAt, tellTwice, type Build, type JenkinsJob, type JenkinsState } from './builds.ts';
import { describePendingInput, describeStages } from './stages.ts';
import { parseTree, selectTree } from './tree.ts';
import {
  artifactsOf,
  buildUrl,
  buildView,
  fingerprintView,
  folderView,
  jobView,
  queueItemView,
  queueView,
  rootView,
} from './views.ts';

export interface JenkinsOptions {
  readonly sleep: (durationMs: number) => Promise<void>;
  /** They also tell the time. */
  readonly faults: Faults;
  readonly user: string;
  readonly token: string;
  /** A password session needs a crumb for every POST; a token does not. */
  readonly password?: string;
  readonly jobs: readonly JenkinsJob[];
  /** How long a build waits in the queue, unless `delay=` says otherwise. */
  readonly quietMs?: number;
  /** Builds that run at the same time; 10 by default. */
  readonly executors?: number;
}

const version = '2.462.3';
const sessionCookie = 'JSESSIONID.demo';

export function createJenkinsServer(options: JenkinsOptions): { readonly handle: Handler } {
  const { sleep, faults, executors = 10 } = options;
  const state = createJenkinsState(options.jobs, { now: () => faults.now('jenkins'), sleep, executors });
  const twice = tellTwice(state);
  const handle = (request: DemoRequest): Promise<DemoResponse> =>
    Promise.resolve(
      checkAccess(options, request) ??
        route(options, faults.take('jenkins', 'duplicates', request) ? twice : state, request),
    );
  const faulty = withFaults('jenkins', faults, sleep, failWith, handle);
  return {
    handle: async request => {
      const answer = await faulty(request);
      return { ...answer, headers: { ...answer.headers, 'X-Jenkins': version, 'X-Content-Type-Options': 'nosniff' } };
    },
  };
}

function checkAccess(options: JenkinsOptions, request: DemoRequest): DemoResponse | undefined {
  const { user, token, password } = options;
  const given = basicCredentials(request);
  if (!given)
    return page(403, 'Authentication required', {
      'X-You-Are-Authenticated-As': 'anonymous',
      'X-Required-Permission': 'hudson.model.Hudson.Read',
    });
  const byPassword = password !== undefined && given.password === password;
  if (given.user !== user || (given.password !== token && !byPassword)) return failWith(401);
  const session = cookiesOf(request).get(sessionCookie);
  if (
    byPassword &&
    request.method === 'POST' &&
    (session === undefined || request.headers['jenkins-crumb'] !== crumbOf(options, session))
  ) {
    return page(403, 'No valid crumb was included in the request');
  }
  return undefined;
}

/** A crumb is good only in the session that it was issued to. */
function crumbOf({ user, password = '' }: JenkinsOptions, session: string): string {
  return createHash('sha256')
    .update(JSON.stringify([user, password, session]))
    .digest('hex');
}

function route(options: JenkinsOptions, state: JenkinsState, request: DemoRequest): DemoResponse {
  const segments = request.path
    .split('/')
    .filter(segment => segment !== '')
    .map(decodeSegment);
  if (segments.includes(undefined)) return failWith(400);
  const parts = segments as string[];
  const root = `http://${request.headers['host'] ?? '127.0.0.1'}`;
  const json = (view: (whole: boolean) => unknown) => answerJson(request, view);
  const rest = (count: number) => parts.slice(count).join('/');
  switch (parts[0]) {
    case undefined:
      return page(200, 'Dashboard [Jenkins]');
    case 'api':
      return rest(1) === 'json' ? json(() => rootView(root, state)) : failWith(404);
    case 'crumbIssuer':
      return rest(1) === 'api/json' ? issueCrumb(options, request) : failWith(404);
    case 'fingerprint': {
      const found =
        parts.length === 4 && parts.slice(2).join('/') === 'api/json' ? fingerprintView(parts[1]!, state) : undefined;
      return found ? json(() => found) : failWith(404);
    }
    case 'createItem':
      return lacking(options, 'Job/Create');
    case 'me':
      return rest(1) === 'api/json'
        ? json(() => ({
            _class: 'hudson.model.User',
            absoluteUrl: `${root}/user/${options.user}`,
            description: null,
            fullName: options.user,
            id: options.user,
            property: [],
          }))
        : failWith(404);
    case 'queue':
      return routeQueue(state, request, root, parts.slice(1));
    case 'job':
      return routeJob(options, state, request, root, parts);
    default:
      return failWith(404);
  }
}

function issueCrumb(options: JenkinsOptions, request: DemoRequest): DemoResponse {
  const known = cookiesOf(request).get(sessionCookie),
    session = known ?? `node0${randomUUID().replaceAll('-', '')}.node0`;
  return jsonResponse(
    200,
    {
      _class: 'hudson.security.csrf.DefaultCrumbIssuer',
      crumb: crumbOf(options, session),
      crumbRequestField: 'Jenkins-Crumb',
    },
    known === undefined ? { 'Set-Cookie': `${sessionCookie}=${session}; Path=/; HttpOnly` } : {},
  );
}

function routeQueue(state: JenkinsState, request: DemoRequest, root: string, parts: readonly string[]): DemoResponse {
  if (parts.join('/') === 'api/json') return answerJson(request, () => queueView(root, state));
  const cancels = parts[0] === 'cancelItem' || parts[2] === 'cancelQueue';
  const item = state.item(Number(parts[0] === 'item' ? parts[1] : request.query.get('id')));
  if (!item) return failWith(404);
  if (parts[0] === 'item' && parts.slice(2).join('/') === 'api/json')
    return answerJson(request, () => queueItemView(root, item, state));
  if (!cancels) return failWith(404);
  if (request.method !== 'POST') return failWith(405);
  state.cancel(item);
  return parts[0] === 'cancelItem'
    ? { status: 204, headers: {}, body: '' }
    : { status: 302, headers: { Location: `${root}/` }, body: '' };
}

/** `/job/a/job/b/...`: the name with its folders first. */
function routeJob(
  options: JenkinsOptions,
  state: JenkinsState,
  request: DemoRequest,
  root: string,
  parts: readonly string[],
): DemoResponse {
  const names: string[] = [];
  let at = 0;
  while (parts[at] === 'job' && parts[at + 1] !== undefined) {
    names.push(parts[at + 1]!);
    at += 2;
  }
  const job = state.job(names.join('/'));
  const [head, ...rest] = parts.slice(at);
  if (!job) return routeFolder(options, state, request, root, names.join('/'), parts.slice(at));
  if (head === undefined) return page(200, `${job.name} [Jenkins]`);
  if (head === 'api')
    return rest.join('/') === 'json' ? answerJson(request, whole => jobView(root, job, state, whole)) : failWith(404);
  if (head === 'config.xml' || head === 'doDelete' || head === 'enable' || head === 'disable')
    return lacking(options, head === 'doDelete' ? 'Job/Delete' : 'Job/Configure');
  if (head === 'wfapi')
    return job.pipeline && rest.join('/') === 'runs'
      ? jsonResponse(
          200,
          state
            .builds(job)
            .slice(0, 10)
            .map(build => describeStages(pathOf(build), build, options.faults.now('jenkins'))),
        )
      : failWith(404);
  if (head === 'build' || head === 'buildWithParameters')
    return request.method === 'POST'
      ? trigger(options, state, request, root, job, head === 'buildWithParameters')
      : failWith(405);
  const build = findBuild(state.builds(job), head);
  return build ? routeBuild(options, state, request, root, build, rest) : failWith(404);
}

/** `build` on a multibranch parent looks for branches anew; it starts no build. */
function routeFolder(
  options: JenkinsOptions,
  state: JenkinsState,
  request: DemoRequest,
  root: string,
  folder: string,
  parts: readonly string[],
): DemoResponse {
  const view = folderView(root, folder, state);
  if (!view) return failWith(404);
  switch (parts.join('/')) {
    case '':
      return page(200, `${folder} [Jenkins]`);
    case 'api/json':
      return answerJson(request, () => view);
    case 'build':
      return request.method === 'POST' ? { status: 302, headers: { Location: `${root}/` }, body: '' } : failWith(405);
    case 'createItem':
      return lacking(options, 'Job/Create');
    default:
      return failWith(404);
  }
}

/** The user of this server reads, builds and cancels; the rest is refused as Jenkins refuses it. */
function lacking({ user }: JenkinsOptions, permission: string): DemoResponse {
  return page(403, `${user} is missing the ${permission} permission`);
}

function pathOf(build: Build): string {
  return new URL(buildUrl('http://localhost', build)).pathname.replace(/\/$/, '');
}

function findBuild(builds: readonly Build[], name: string): Build | undefined {
  if (/^\d{1,9}$/.test(name)) return builds.find(({ number }) => number === Number(name));
  switch (name) {
    case 'lastBuild':
      return builds[0];
    case 'lastCompletedBuild':
      return builds.find(({ result }) => result !== null);
    case 'lastSuccessfulBuild':
      return builds.find(({ result }) => result === 'SUCCESS' || result === 'UNSTABLE');
    case 'lastStableBuild':
      return builds.find(({ result }) => result === 'SUCCESS');
    case 'lastFailedBuild':
      return builds.find(({ result }) => result === 'FAILURE');
    default:
      return undefined;
  }
}

const quietMsByDefault = 100;

function trigger(
  { user, quietMs }: JenkinsOptions,
  state: JenkinsState,
  request: DemoRequest,
  root: string,
  job: JenkinsJob,
  withParameters: boolean,
): DemoResponse {
  if (job.disabled) return page(409, `${job.name} is not buildable`);
  if (withParameters && job.parameters.length === 0) return page(500, 'This build is not parameterized!');
  const given = fieldsOf(request);
  if (!withParameters && job.parameters.length > 0) {
    const submitted = submittedForm(given.get('json'));
    if (!submitted) return page(400, 'Nothing is submitted');
    for (const [name, value] of submitted) given.set(name, value);
  }
  const parameters = Object.fromEntries(
    job.parameters.map(({ name, defaultValue }) => [name, given.get(name) ?? defaultValue]),
  );
  const delay = /^(\d{1,5})(?:sec)?$/.exec(given.get('delay') ?? '');
  const item = state.trigger(job, parameters, user, delay ? Number(delay[1]) * 1000 : (quietMs ?? quietMsByDefault));
  return { status: 201, headers: { Location: `${root}/queue/item/${item.id}/` }, body: '' };
}

/** Query and form together; the form wins. */
function fieldsOf(request: DemoRequest): Map<string, string> {
  const fields = new Map(request.query);
  if (request.headers['content-type']?.includes('application/x-www-form-urlencoded'))
    for (const [name, value] of new URLSearchParams(request.body)) fields.set(name, value);
  return fields;
}

/** The `json` field that Jenkins' own form sends: `{"parameter": [{"name", "value"}]}`. */
function submittedForm(text: string | undefined): readonly (readonly [string, string])[] | undefined {
  try {
    const form = JSON.parse(text ?? '') as { parameter?: unknown } | null;
    const list: readonly unknown[] = Array.isArray(form?.parameter) ? form.parameter : [form?.parameter];
    return list.flatMap(one =>
      typeof one === 'object' && one !== null && 'name' in one && 'value' in one
        ? [[String(one.name), String(one.value)] as const]
        : [],
    );
  } catch {
    return undefined;
  }
}

function routeBuild(
  { faults }: JenkinsOptions,
  state: JenkinsState,
  request: DemoRequest,
  root: string,
  build: Build,
  parts: readonly string[],
): DemoResponse {
  const what = parts.join('/');
  switch (what) {
    case '':
      return page(200, `${build.job.name} #${build.number} [Jenkins]`);
    case 'api/json':
      return answerJson(request, () => buildView(root, build, state.builds(build.job)));
    case 'consoleText':
      return textResponse(200, build.log);
    case 'logText/progressiveText':
      return progressiveText(
        request,
        build,
        logAt(build, faults.now('jenkins') - 1000 * (faults.take('jenkins', 'lateData', request)?.seconds ?? 0)),
      );
    case 'stop':
    case 'term':
    case 'kill':
      if (what !== 'stop' && !build.job.pipeline) return failWith(404);
      if (request.method !== 'POST') return failWith(405);
      state.stop(build, what);
      return what === 'stop'
        ? { status: 302, headers: { Location: buildUrl(root, build) }, body: '' }
        : textResponse(200, '');
    case 'wfapi/describe':
      return build.job.pipeline
        ? jsonResponse(200, describeStages(pathOf(build), build, faults.now('jenkins')))
        : failWith(404);
    case 'wfapi/pendingInputActions':
      return build.job.pipeline ? jsonResponse(200, describePendingInput(pathOf(build), build)) : failWith(404);
    default: {
      const artifact = parts[0] === 'artifact' ? artifactsOf(build) : {};
      const path = parts.slice(1).join('/');
      return Object.hasOwn(artifact, path) ? textResponse(200, artifact[path]!) : failWith(404);
    }
  }
}

/**
 * Offsets are bytes. While the build runs only whole lines are served, which is how its console grows. `log`: what
 * there is of it so far.
 */
function progressiveText(request: DemoRequest, build: Build, log: string): DemoResponse {
  const bytes = Buffer.from(log, 'utf8');
  const asked = Number(fieldsOf(request).get('start') ?? 0);
  const start = Number.isInteger(asked) && asked > 0 && asked <= bytes.length ? asked : 0;
  return textResponse(200, bytes.subarray(start).toString('utf8'), {
    'X-Text-Size': String(bytes.length),
    ...((build.result === null || log.length < build.log.length) && { 'X-More-Data': 'true' }),
  });
}

function answerJson(request: DemoRequest, view: (whole: boolean) => unknown): DemoResponse {
  const headers = { 'Content-Type': 'application/json;charset=utf-8' };
  const asked = request.query.get('tree');
  if (asked === null || asked === '')
    return jsonResponse(200, view(Number(request.query.get('depth') ?? 0) > 0), headers);
  const tree = parseTree(asked);
  return tree
    ? jsonResponse(200, selectTree(view(true), tree), headers)
    : page(400, 'The tree parameter cannot be read');
}

const reasons: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Invalid password/token for the user'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'This URL requires POST'],
  [429, 'Too Many Requests'],
  [500, 'Oops! A problem occurred while processing the request'],
  [503, 'Service Unavailable'],
]);

function failWith(status: number): DemoResponse {
  return page(
    status,
    reasons.get(status) ?? `Error ${status}`,
    status === 401 ? { 'WWW-Authenticate': 'Basic realm="Jenkins"' } : {},
  );
}

/** Jenkins says what went wrong in `X-Error` too. */
function page(status: number, title: string, headers: DemoResponse['headers'] = {}): DemoResponse {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return {
    status,
    headers: { 'Content-Type': 'text/html;charset=utf-8', ...(status >= 400 && { 'X-Error': title }), ...headers },
    body,
  };
}
