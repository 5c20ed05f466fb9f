// Lists the builds of a job, each with the file that is deployed, or with why it cannot be.
import { fail, succeed } from '../../model/failure.ts';
import type { Artifacts, Build } from '../../model/ports.ts';
import type { ArtifactFile } from '../../model/release.ts';
import { findArtifactFile } from '../transport/artifactFile.ts';
import { readCommits } from './changes.ts';
import { createJenkins } from './client.ts';
import type { JenkinsBuild } from './documents.ts';
import type { JenkinsDeps } from './requests.ts';
import type { BuildResult, JenkinsArtifact, JenkinsConnection } from './options.ts';

const withinMs = 20_000;

/** Builds that lack what the version is made of are left out; when none has it, that is a failure. */
export function createJenkinsArtifacts(deps: JenkinsDeps): Artifacts {
  const jenkins = createJenkins(deps);
  return {
    async list(given, connection, limit, signal) {
      const source = given as JenkinsArtifact;
      const { file, version } = source.options;
      const found = await jenkins.builds(
        { connection: connection as JenkinsConnection, job: source.job, deadlineMs: deps.clock.now() + withinMs },
        limit,
        file !== undefined,
        signal,
      );
      if (!found.ok) return found;
      const builds = found.value.flatMap(build => toBuild(build, source) ?? []);
      if (builds.length > 0 || found.value.length === 0) return succeed(builds);
      const wanted = typeof version === 'object' ? `parameter ${version.parameter}` : version;
      return fail(
        'not-found',
        `None of the last ${found.value.length} builds of "${source.job}" has the ${wanted} that is to be the version.`,
      );
    },
    commits(given, connection, range, signal) {
      const { job } = given as JenkinsArtifact;
      return readCommits(
        deps,
        { connection: connection as JenkinsConnection, job, deadlineMs: deps.clock.now() + withinMs },
        range,
        signal,
      );
    },
  };
}

const standings = {
  SUCCESS: 'passed',
  UNSTABLE: 'unstable',
  FAILURE: 'failed',
  NOT_BUILT: 'cancelled',
  ABORTED: 'cancelled',
} as const satisfies Record<BuildResult, Build['standing']>;

function toBuild(build: JenkinsBuild, { job, options }: JenkinsArtifact): Build | undefined {
  const version = versionOf(build, options.version);
  if (!version) return undefined;
  const { number, url, result, startedAtMs, durationMs } = build;
  const found =
    result === 'SUCCESS' && options.file !== undefined ? findArtifactFile(build.artifacts, options.file) : undefined;
  const refused =
    result === null
      ? 'still runs'
      : result !== 'SUCCESS'
        ? `ended as ${result}`
        : found?.ok === false
          ? found.failure.message
          : undefined;
  return {
    artifact: {
      version,
      build: { job, number, url, ...(found?.ok && { file: describeFile(build, found.value) }) },
    },
    standing: result === null ? 'building' : standings[result],
    ...(result !== null && { result }),
    startedAtMs,
    durationMs,
    ...(refused !== undefined && { refused: `Build ${number} of ${job} ${refused}.` }),
  };
}

function describeFile({ url, fingerprints }: JenkinsBuild, path: string): ArtifactFile {
  const fingerprint = fingerprints.get(path.split('/').at(-1)!);
  return {
    path,
    url: `${url}${url.endsWith('/') ? '' : '/'}artifact/${path.split('/').map(encodeURIComponent).join('/')}`,
    ...(fingerprint && { fingerprint }),
  };
}

function versionOf(build: JenkinsBuild, from: JenkinsArtifact['options']['version']): string | undefined {
  if (from === 'number') return String(build.number);
  if (from === 'displayName') return build.displayName;
  return build.parameters.get(from.parameter);
}
