// A local Jenkins: triggers, queue, builds, consoles and crumbs of its remote API.
import { withFaults } from '../faults/faults.ts';
import {
  decodeSegment,
  jsonResponse,
  type DemoRequest,
  type DemoResponse,
  type Handler,
} from '../servers/httpServer.ts';
import { createJenkinsState, tellTwice, type JenkinsState } from './builds.ts';
import { describeStages } from './stages.ts';
import { folderView, jobView, rootView } from './views.ts';
import { queueItemView, queueView } from './queueViews.ts';
import { fingerprintView } from './buildViews.ts';
import { answerJson, failWith, page } from './answers.ts';
import { type JenkinsOptions, checkAccess, issueCrumb, lacking } from './access.ts';
import { trigger } from './trigger.ts';
import { pathOf, findBuild, routeBuild } from './buildRoutes.ts';

const version = '2.462.3';

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

/** `build` on a multibranch parent scans for branches; it starts no build. */
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
