// The routes below one build: its views, log, artifacts, parameters and stop.
import { jsonResponse, textResponse, type DemoRequest, type DemoResponse } from '../servers/httpServer.ts';
import { logAt, type Build, type JenkinsState } from './builds.ts';
import { describePendingInput, describeStages } from './stages.ts';
import { buildUrl } from './names.ts';
import { artifactsOf, buildView } from './buildViews.ts';
import { answerJson, failWith, page } from './answers.ts';
import type { JenkinsOptions } from './access.ts';
import { fieldsOf } from './trigger.ts';

export function pathOf(build: Build): string {
  return new URL(buildUrl('http://localhost', build)).pathname.replace(/\/$/, '');
}

export function findBuild(builds: readonly Build[], name: string): Build | undefined {
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

export function routeBuild(
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
 * Offsets are bytes. While the build runs, only whole lines are served, as its console grows. `log`: its output so far.
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
