// A job in the lists of Jenkins' JSON API, with the colour of its last build.
import type { JenkinsJob, JenkinsState } from './builds.ts';
import { type View, jobUrl } from './names.ts';

export function jobSummary(root: string, job: JenkinsJob, state: JenkinsState): View {
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
