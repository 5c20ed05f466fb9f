// Jenkins' objects as its JSON API shows them, whole; `selectTree` cuts them down to what a client asked for.
import type { Build, JenkinsJob, JenkinsState, Parameters, QueueItem } from './jenkinsBuilds.ts';

type View = Readonly<Record<string, unknown>>;

export function jobUrl(root: string, job: JenkinsJob): string {
  return `${root}${job.name.split('/').map(part => `/job/${encodeURIComponent(part)}`).join('')}/`;
}

export function buildUrl(root: string, build: Build): string {
  return `${jobUrl(root, build.job)}${build.number}/`;
}

export function rootView(root: string, state: JenkinsState): View {
  return {
    _class: 'hudson.model.Hudson', assignedLabels: [{ name: 'built-in' }], mode: 'NORMAL', nodeDescription: 'the Jenkins controller’s built-in node', nodeName: '',
    numExecutors: 10, description: null, quietingDown: false, slaveAgentPort: -1, url: `${root}/`, useCrumbs: true, useSecurity: true, views: [],
    jobs: state.jobs().map(job => jobSummary(root, job, state)),
  };
}

const jobClass = 'hudson.model.FreeStyleProject';

function jobSummary(root: string, job: JenkinsJob, state: JenkinsState): View {
  return { _class: jobClass, name: job.name.split('/').at(-1)!, fullName: job.name, url: jobUrl(root, job), color: colorOf(job, state) };
}

function colorOf(job: JenkinsJob, state: JenkinsState): string {
  if (job.disabled) return 'disabled';
  const builds = state.builds(job);
  const last = builds.find(({ result }) => result !== null)?.result;
  const color = last === undefined ? 'notbuilt' : last === 'SUCCESS' ? 'blue' : last === 'UNSTABLE' ? 'yellow' : last === 'FAILURE' ? 'red' : 'aborted';
  return builds[0]?.result === null ? `${color}_anime` : color;
}

/** A job lists its newest hundred builds. */
const mostBuilds = 100;

/** `whole`: builds with all their members, as `tree=` and `depth=1` want them. */
export function jobView(root: string, job: JenkinsJob, state: JenkinsState, whole: boolean): View {
  const builds = state.builds(job);
  const show = (build: Build | undefined) => build ? (whole ? buildView(root, build, builds) : buildReference(root, build)) : null;
  const waiting = state.queue().find(item => item.job === job);
  const newest = (matches: (build: Build) => boolean) => show(builds.find(matches));
  const ended = (...results: readonly unknown[]) => newest(({ result }) => results.includes(result));
  return {
    ...jobSummary(root, job, state), displayName: job.name.split('/').at(-1)!, displayNameOrNull: null, fullDisplayName: job.name.replaceAll('/', ' » '),
    description: job.description, actions: [], buildable: !job.disabled, disabled: job.disabled === true, concurrentBuild: job.concurrent === true,
    builds: builds.slice(0, mostBuilds).map(show), allBuilds: builds.map(show),
    firstBuild: show(builds.at(-1)), lastBuild: show(builds[0]), lastCompletedBuild: newest(({ result }) => result !== null),
    lastSuccessfulBuild: ended('SUCCESS', 'UNSTABLE'), lastStableBuild: ended('SUCCESS'), lastUnstableBuild: ended('UNSTABLE'), lastFailedBuild: ended('FAILURE'),
    lastUnsuccessfulBuild: newest(({ result }) => result !== null && result !== 'SUCCESS'),
    healthReport: [], inQueue: waiting !== undefined, queueItem: waiting ? queueItemView(root, waiting, state) : null,
    keepDependencies: false, nextBuildNumber: state.nextNumber(job), property: propertiesOf(job),
    upstreamProjects: [], downstreamProjects: [], scm: { _class: 'hudson.scm.NullSCM' },
  };
}

function propertiesOf(job: JenkinsJob): readonly View[] {
  if (job.parameters.length === 0) return [];
  const parameterDefinitions = job.parameters.map(({ name, description, defaultValue }) => ({
    _class: 'hudson.model.StringParameterDefinition', type: 'StringParameterDefinition', name, description,
    defaultParameterValue: { _class: 'hudson.model.StringParameterValue', name, value: defaultValue },
  }));
  return [{ _class: 'hudson.model.ParametersDefinitionProperty', parameterDefinitions }];
}

function buildReference(root: string, build: Build): View {
  return { _class: 'hudson.model.FreeStyleBuild', number: build.number, url: buildUrl(root, build) };
}

export function artifactsOf(build: Build): Parameters {
  return build.result === 'SUCCESS' || build.result === 'UNSTABLE' ? build.job.artifacts?.(build.parameters) ?? {} : {};
}

export function buildView(root: string, build: Build, siblings: readonly Build[]): View {
  const displayName = build.job.displayName?.(build.parameters) ?? `#${build.number}`;
  const finished = siblings.filter(({ result }) => result === 'SUCCESS');
  const neighbour = (number: number) => {
    const found = siblings.find(sibling => sibling.number === number);
    return found ? { number, url: buildUrl(root, found) } : null;
  };
  return {
    ...buildReference(root, build), actions: actionsOf(build.parameters, build.by), building: build.result === null, inProgress: build.result === null,
    description: null, displayName, fullDisplayName: `${build.job.name.replaceAll('/', ' » ')} ${displayName}`, id: String(build.number), keepLog: false, queueId: build.queueId,
    result: build.result, timestamp: build.startedAtMs, duration: build.durationMs,
    estimatedDuration: finished.length === 0 ? -1 : Math.round(finished.reduce((total, { durationMs }) => total + durationMs, 0) / finished.length),
    executor: build.result === null ? { _class: 'hudson.model.Executor' } : null,
    artifacts: Object.keys(artifactsOf(build)).map(relativePath => ({ relativePath, fileName: relativePath.split('/').at(-1)!, displayPath: relativePath.split('/').at(-1)! })),
    fingerprint: [], builtOn: '', changeSet: { _class: 'hudson.scm.EmptyChangeLogSet', items: [], kind: null }, culprits: [],
    previousBuild: neighbour(build.number - 1), nextBuild: neighbour(build.number + 1),
  };
}

function actionsOf(parameters: Parameters, by: string): readonly View[] {
  const values = Object.entries(parameters).map(([name, value]) => ({ _class: 'hudson.model.StringParameterValue', name, value }));
  return [
    ...(values.length > 0 ? [{ _class: 'hudson.model.ParametersAction', parameters: values }] : []),
    { _class: 'hudson.model.CauseAction', causes: [{ _class: 'hudson.model.Cause$UserIdCause', shortDescription: `Started by user ${by}`, userId: by, userName: by }] },
  ];
}

export function queueItemView(root: string, item: QueueItem, state: JenkinsState): View {
  const running = state.builds(item.job).find(({ result }) => result === null);
  const common = {
    actions: actionsOf(item.parameters, item.by), id: item.id, inQueueSince: item.inQueueSinceMs, stuck: false, url: `queue/item/${item.id}/`,
    params: Object.entries(item.parameters).map(([name, value]) => `\n${name}=${value}`).join(''), task: jobSummary(root, item.job, state),
  };
  if (item.leftAtMs !== undefined) {
    return {
      _class: 'hudson.model.Queue$LeftItem', ...common, blocked: false, buildable: false, why: null, cancelled: item.cancelled === true,
      executable: item.build ? buildReference(root, item.build) : null,
    };
  }
  if (running && !item.job.concurrent) {
    return { _class: 'hudson.model.Queue$BlockedItem', ...common, blocked: true, buildable: false, why: `Build #${running.number} is already in progress` };
  }
  return { _class: 'hudson.model.Queue$WaitingItem', ...common, blocked: false, buildable: false, why: 'In the quiet period. Expires soon', timestamp: item.startableAtMs };
}

export function queueView(root: string, state: JenkinsState): View {
  return { _class: 'hudson.model.Queue', discoverableItems: [], items: state.queue().map(item => queueItemView(root, item, state)) };
}
