// A build and its artifacts as Jenkins' JSON API shows them.
import { createHash } from 'node:crypto';
import type { Build, JenkinsState, Parameters } from './builds.ts';
import { type View, buildUrl, readableName } from './names.ts';

export function buildReference(root: string, build: Build): View {
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
    ...changesOf(build),
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

/** The origin of a file with this md5; undefined if no build made it. */
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

/** A freestyle job has one change set, a Pipeline has one for each repository. */
function changesOf({ job, parameters }: Build): View {
  const commits = job.commits?.(parameters) ?? [];
  const set =
    commits.length === 0
      ? { _class: 'hudson.scm.EmptyChangeLogSet', items: [], kind: null }
      : {
          _class: 'hudson.plugins.git.GitChangeSetList',
          items: commits.map(({ id, message, author }) => ({
            _class: 'hudson.plugins.git.GitChangeSet',
            commitId: id,
            msg: message,
            author: { fullName: author },
          })),
          kind: 'git',
        };
  return job.pipeline ? { changeSets: commits.length === 0 ? [] : [set] } : { changeSet: set };
}

export function actionsOf(parameters: Parameters, by: string): readonly View[] {
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
