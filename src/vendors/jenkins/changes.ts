// Reads what was committed for the builds of a job, from the change sets that Jenkins keeps with each build.
import { succeed } from '../../model/failure.ts';
import type { Commit, Commits } from '../../model/ports.ts';
import type { Result } from '../../model/failure.ts';
import { listMember, member, numberMember, textMember } from '../transport/decode/json.decode.ts';
import { jobPath } from './client.ts';
import { callJson } from './requests.ts';
import type { JenkinsDeps, JenkinsJob } from './requests.ts';

/** Builds that are looked through, and commits that are read of each and kept in all. */
const mostBuilds = 50,
  mostOfBuild = 50,
  mostCommits = 100;
const items = `items[commitId,msg,author[fullName]]{0,${mostOfBuild}}`;

/** A freestyle job has one change set for a build, a Pipeline has one for each repository. */
export async function readCommits(
  deps: JenkinsDeps,
  job: JenkinsJob,
  { after, to }: { readonly after: number; readonly to: number },
  signal: AbortSignal,
): Promise<Result<Commits>> {
  const tree = `builds[number,changeSet[${items}],changeSets[${items}]]{0,${mostBuilds}}`;
  const found = await callJson(deps, job, `${jobPath(job.job)}/api/json?tree=${tree}`, signal);
  if (!found.ok) return found;
  const builds = new Map(listMember(found.value, 'builds').map(build => [numberMember(build, 'number') ?? 0, build]));
  const between = [...builds].filter(([number]) => number > after && number <= to).sort(([a], [b]) => b - a);
  const commits = between.flatMap(([, build]) => commitsOf(build));
  const unique = [...new Map(commits.map((commit, at) => [commit.id || `${at}`, commit])).values()];
  return succeed({
    commits: unique.slice(0, mostCommits),
    more: Math.max(0, unique.length - mostCommits),
    isWhole:
      builds.has(to) &&
      [...builds.keys()].some(number => number <= after) &&
      between.every(([, build]) => setsOf(build).every(set => listMember(set, 'items').length < mostOfBuild)),
  });
}

function setsOf(build: unknown): readonly unknown[] {
  return [member(build, 'changeSet'), ...listMember(build, 'changeSets')];
}

/** Jenkins lists the oldest first. */
function commitsOf(build: unknown): readonly Commit[] {
  return setsOf(build)
    .flatMap(set => listMember(set, 'items').slice(0, mostOfBuild))
    .map(item => ({
      id: textMember(item, 'commitId')?.slice(0, 100) ?? '',
      subject: (textMember(item, 'msg') ?? '').slice(0, 500),
      author: textMember(member(item, 'author'), 'fullName')?.slice(0, 200) ?? '',
    }))
    .filter(({ subject }) => subject.trim() !== '')
    .toReversed();
}
