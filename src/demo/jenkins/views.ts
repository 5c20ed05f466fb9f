// Jenkins' objects as its JSON API shows them, whole; `selectTree` cuts them down to what a client asked for.
import { createHash } from 'node:crypto';
import { decodeSegment } from '../servers/httpServer.ts';
import type { Build, JenkinsJob, JenkinsState, Parameters, QueueItem } from './builds.ts';

type View = Readonly<Record<string, unknown>>;

export function jobUrl(root: string, job: JenkinsJob): string {
  return itemUrl(root, job.name);
}

/** An encoded branch name (`feature%2Fx`) is encoded once more: `feature%252Fx`. */
function itemUrl(root: string, name: string): string {
  return `${root}${name
    .split('/')
    .map(part => `/job/${encodeURIComponent(part)}`)
    .join('')}/`;
}

export function buildUrl(root: string, build: Build): string {
  return `${jobUrl(root, build.job)}${build.number}/`;
}

export function rootView(root: string, state: JenkinsState): View {
  return {
    _class: 'hudson.model.Hudson',
    assignedLabels: [{ name: 'built-in' }],
    mode: 'NORMAL',
    nodeDescription: 'the Jenkins controller’s built-in node',
    nodeName: '',
    numExecutors: 10,
    description: null,
    quietingDown: false,
    slaveAgentPort: -1,
    url: `${root}/`,
    useCrumbs: true,
    useSecurity: true,
    views: [],
    jobs: childrenOf(root, '', state, mostFolderDepth),
  };
}

/** A folder, or the parent of a multibranch job's branches; undefined where nothing lies below that name. */
export function folderView(root: string, folder: string, state: JenkinsState): View | undefined {
  const jobs = childrenOf(root, `${folder}/`, state, mostFolderDepth);
  if (jobs.length === 0) return undefined;
  const name = folder.split('/').at(-1)!;
  return {
    ...folderSummary(root, folder, state),
    displayName: name,
    displayNameOrNull: null,
    fullDisplayName: folder.replaceAll('/', ' » '),
    description: null,
    actions: [],
    healthReport: [],
    jobs,
    primaryView: null,
    views: [],
  };
}

/** How deep a client may look with one `tree=`; python-jenkins asks for ten. */
const mostFolderDepth = 10;

function childrenOf(root: string, prefix: string, state: JenkinsState, depth: number): readonly View[] {
  const below = state.jobs().filter(({ name }) => name.startsWith(prefix));
  const names = [...new Set(below.map(({ name }) => name.slice(prefix.length).split('/')[0]!))];
  return names.map(name => {
    const job = state.job(`${prefix}${name}`);
    if (job) return jobSummary(root, job, state);
    return {
      ...folderSummary(root, `${prefix}${name}`, state),
      ...(depth > 0 && { jobs: childrenOf(root, `${prefix}${name}/`, state, depth - 1) }),
    };
  });
}

/** Branches are the only jobs whose names may be encoded, so their parent is known by them. */
function folderSummary(root: string, folder: string, state: JenkinsState): View {
  const isMultibranch = state
    .jobs()
    .some(
      job =>
        job.pipeline &&
        job.name.startsWith(`${folder}/`) &&
        /^[^/]*%[0-9A-F]{2}[^/]*$/.test(job.name.slice(folder.length + 1)),
    );
  return {
    _class: isMultibranch
      ? 'org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject'
      : 'com.cloudbees.hudson.plugins.folder.Folder',
    name: folder.split('/').at(-1)!,
    fullName: folder,
    url: itemUrl(root, folder),
  };
}

function jobSummary(root: string, job: JenkinsJob, state: JenkinsState): View {
  return {
    _class: job.pipeline ? 'org.jenkinsci.plugins.workflow.job.WorkflowJob' : 'hudson.model.FreeStyleProject',
    name: job.name.split('/').at(-1)!,
    fullName: job.name,
    url: jobUrl(root, job),
    color: colorOf(job, state),
  };
}

function colorOf(job: JenkinsJob, state: JenkinsState): string {
  if (job.disabled) return 'disabled';
  const builds = state.builds(job);
  const last = builds.find(({ result }) => result !== null)?.result;
  const color =
    last === undefined
      ? 'notbuilt'
      : last === 'SUCCESS'
        ? 'blue'
        : last === 'UNSTABLE'
          ? 'yellow'
          : last === 'FAILURE'
            ? 'red'
            : 'aborted';
  return builds[0]?.result === null ? `${color}_anime` : color;
}

/** A job lists its newest hundred builds. */
const mostBuilds = 100;

/** `whole`: builds with all their members, as `tree=` and `depth=1` want them. */
export function jobView(root: string, job: JenkinsJob, state: JenkinsState, whole: boolean): View {
  const builds = state.builds(job);
  const show = (build: Build | undefined) =>
    build ? (whole ? buildView(root, build, builds) : buildReference(root, build)) : null;
  const waiting = state.queue().find(item => item.job === job);
  const newest = (matches: (build: Build) => boolean) => show(builds.find(matches));
  const ended = (...results: readonly unknown[]) => newest(({ result }) => results.includes(result));
  return {
    ...jobSummary(root, job, state),
    displayName: readableName(job.name.split('/').at(-1)!),
    displayNameOrNull: null,
    fullDisplayName: readableName(job.name),
    description: job.description,
    actions: [],
    buildable: !job.disabled,
    disabled: job.disabled === true,
    concurrentBuild: job.concurrent === true,
    builds: builds.slice(0, mostBuilds).map(show),
    allBuilds: builds.map(show),
    firstBuild: show(builds.at(-1)),
    lastBuild: show(builds[0]),
    lastCompletedBuild: newest(({ result }) => result !== null),
    lastSuccessfulBuild: ended('SUCCESS', 'UNSTABLE'),
    lastStableBuild: ended('SUCCESS'),
    lastUnstableBuild: ended('UNSTABLE'),
    lastFailedBuild: ended('FAILURE'),
    lastUnsuccessfulBuild: newest(({ result }) => result !== null && result !== 'SUCCESS'),
    healthReport: [],
    inQueue: waiting !== undefined,
    queueItem: waiting ? queueItemView(root, waiting, state) : null,
    keepDependencies: false,
    nextBuildNumber: state.nextNumber(job),
    property: propertiesOf(job),
    upstreamProjects: [],
    downstreamProjects: [],
    scm: { _class: 'hudson.scm.NullSCM' },
  };
}

function propertiesOf(job: JenkinsJob): readonly View[] {
  if (job.parameters.length === 0) return [];
  const parameterDefinitions = job.parameters.map(({ name, description, defaultValue }) => ({
    _class: 'hudson.model.StringParameterDefinition',
    type: 'StringParameterDefinition',
    name,
    description,
    defaultParameterValue: { _class: 'hudson.model.StringParameterValue', name, value: defaultValue },
  }));
  return [{ _class: 'hudson.model.ParametersDefinitionProperty', parameterDefinitions }];
}

function readableName(name: string): string {
  return name
    .split('/')
    .map(part => decodeSegment(part) ?? part)
    .join(' » ');
}

function buildReference(root: string, build: Build): View {
  return {
    _class: build.job.pipeline ? 'org.jenkinsci.plugins.workflow.job.WorkflowRun' : 'hudson.model.FreeStyleBuild',
    number: build.number,
    url: buildUrl(root, build),
  };
}

export function artifactsOf(build: Build): Parameters {
  return build.result === 'SUCCESS' || build.result === 'UNSTABLE'
    ? (build.job.artifacts?.(build.parameters) ?? {})
    : {};
}

export function buildView(root: string, build: Build, siblings: readonly Build[]): View {
  const displayName = build.job.displayName?.(build.parameters) ?? `#${build.number}`;
  const finished = siblings.filter(({ result }) => result === 'SUCCESS');
  const neighbour = (number: number) => {
    const found = siblings.find(sibling => sibling.number === number);
    return found ? { number, url: buildUrl(root, found) } : null;
  };
  return {
    ...buildReference(root, build),
    actions: actionsOf(build.parameters, build.by),
    building: build.result === null,
    inProgress: build.result === null,
    description: null,
    displayName,
    fullDisplayName: `${readableName(build.job.name)} ${displayName}`,
    id: String(build.number),
    keepLog: false,
    queueId: build.queueId,
    result: build.result,
    timestamp: build.startedAtMs,
    duration: build.durationMs,
    estimatedDuration:
      finished.length === 0
        ? -1
        : Math.round(finished.reduce((total, { durationMs }) => total + durationMs, 0) / finished.length),
    executor: build.result === null ? { _class: 'hudson.model.Executor' } : null,
    artifacts: Object.keys(artifactsOf(build)).map(relativePath => ({
      relativePath,
      fileName: relativePath.split('/').at(-1)!,
      displayPath: relativePath.split('/').at(-1)!,
    })),
    fingerprint: fingerprintsOf(build),
    builtOn: '',
    changeSet: { _class: 'hudson.scm.EmptyChangeLogSet', items: [], kind: null },
    culprits: [],
    previousBuild: neighbour(build.number - 1),
    nextBuild: neighbour(build.number + 1),
  };
}

/** The files of a build by the md5 of their content, as Jenkins tracks them. */
function fingerprintsOf(
  build: Build,
): readonly { readonly _class: string; readonly fileName: string; readonly hash: string }[] {
  return Object.entries(artifactsOf(build)).map(([path, content]) => ({
    _class: 'hudson.model.Fingerprint',
    fileName: path.split('/').at(-1)!,
    hash: createHash('md5').update(content).digest('hex'),
  }));
}

/** Where a file with this md5 came from; undefined where no build made it. */
export function fingerprintView(hash: string, state: JenkinsState): View | undefined {
  const makers = state
    .jobs()
    .flatMap(job =>
      state.builds(job).map(build => ({ job, build, found: fingerprintsOf(build).find(one => one.hash === hash) })),
    )
    .filter(({ found }) => found);
  const first = makers.at(-1);
  if (!first) return undefined;
  return {
    _class: 'hudson.model.Fingerprint',
    fileName: first.found!.fileName,
    hash,
    timestamp: first.build.startedAtMs,
    original: { _class: 'hudson.model.Fingerprint$BuildPtr', name: first.job.name, number: first.build.number },
    usage: makers.map(({ job, build }) => ({
      name: job.name,
      ranges: { ranges: [{ start: build.number, end: build.number + 1 }] },
    })),
  };
}

function actionsOf(parameters: Parameters, by: string): readonly View[] {
  const values = Object.entries(parameters).map(([name, value]) => ({
    _class: 'hudson.model.StringParameterValue',
    name,
    value,
  }));
  return [
    ...(values.length > 0 ? [{ _class: 'hudson.model.ParametersAction', parameters: values }] : []),
    {
      _class: 'hudson.model.CauseAction',
      causes: [
        {
          _class: 'hudson.model.Cause$UserIdCause',
          shortDescription: `Started by user ${by}`,
          userId: by,
          userName: by,
        },
      ],
    },
  ];
}

export function queueItemView(root: string, item: QueueItem, state: JenkinsState): View {
  const common = {
    actions: actionsOf(item.parameters, item.by),
    id: item.id,
    inQueueSince: item.inQueueSinceMs,
    stuck: false,
    url: `queue/item/${item.id}/`,
    params: Object.entries(item.parameters)
      .map(([name, value]) => `\n${name}=${value}`)
      .join(''),
    task: jobSummary(root, item.job, state),
  };
  if (item.leftAtMs !== undefined) {
    return {
      _class: 'hudson.model.Queue$LeftItem',
      ...common,
      blocked: false,
      buildable: false,
      why: null,
      cancelled: item.cancelled === true,
      executable: item.build ? buildReference(root, item.build) : null,
    };
  }
  if (item.waitsFor === 'build') {
    const running = state.builds(item.job).find(({ result }) => result === null);
    return {
      _class: 'hudson.model.Queue$BlockedItem',
      ...common,
      blocked: true,
      buildable: false,
      why: `Build #${running?.number ?? '?'} is already in progress`,
    };
  }
  if (item.waitsFor === 'executor') {
    return {
      _class: 'hudson.model.Queue$BuildableItem',
      ...common,
      blocked: false,
      buildable: true,
      pending: false,
      buildableStartMilliseconds: item.startableAtMs,
      why: 'Waiting for next available executor',
    };
  }
  return {
    _class: 'hudson.model.Queue$WaitingItem',
    ...common,
    blocked: false,
    buildable: false,
    why: 'In the quiet period. Expires soon',
    timestamp: item.startableAtMs,
  };
}

export function queueView(root: string, state: JenkinsState): View {
  return {
    _class: 'hudson.model.Queue',
    discoverableItems: [],
    items: state.queue().map(item => queueItemView(root, item, state)),
  };
}
