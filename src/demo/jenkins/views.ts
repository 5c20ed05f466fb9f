// Jenkins' objects in its JSON API, complete; `selectTree` reduces them to what a client asked for.
import type { Build, JenkinsJob, JenkinsState } from './builds.ts';
import { buildReference, buildView } from './buildViews.ts';
import { queueItemView } from './queueViews.ts';
import { type View, itemUrl, readableName } from './names.ts';
import { jobSummary } from './jobSummary.ts';

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

/** A folder, or the parent of a multibranch job's branches; undefined if nothing has that name. */
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

/** The deepest level for one `tree=`; python-jenkins asks for ten. */
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

/** Only branches have encoded names, which identifies their parent. */
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

/** A job lists its newest hundred builds. */
const mostBuilds = 100;

/** `whole`: builds with all members, as for `tree=` and `depth=1`. */
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
