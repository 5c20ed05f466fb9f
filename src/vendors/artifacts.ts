// Lists the builds that a pipeline's artifact may come from, each with the file that is deployed, or with why it cannot be.
import { fail, succeed } from '../model/failure.ts';
import type { ArtifactSource } from '../model/pipeline.ts';
import type { Artifacts, Build } from '../model/ports.ts';
import type { ArtifactFile } from '../model/release.ts';
import { findArtifactFile } from '../adapters/files/artifactFile.ts';
import { createJenkins } from './jenkins/client.ts';
import type { JenkinsBuild, JenkinsDeps } from './jenkins/client.ts';

type JenkinsSource = ArtifactSource & { readonly kind: 'jenkins' };

const withinMs = 20_000;

/** Builds that lack what the version is made of are left out; when none has it, that is a failure. */
export function createArtifacts(deps: JenkinsDeps): Artifacts {
  const jenkins = createJenkins(deps);
  return {
    async list(source, connection, limit, signal) {
      if (connection.kind !== 'jenkins')
        return fail('invalid', `A connection of kind ${connection.kind} has no builds.`);
      const found = await jenkins.builds(
        { connection, job: source.job, deadlineMs: deps.clock.now() + withinMs },
        limit,
        source.file !== undefined,
        signal,
      );
      if (!found.ok) return found;
      const builds = found.value.flatMap(build => toBuild(build, source) ?? []);
      if (builds.length > 0 || found.value.length === 0) return succeed(builds);
      const wanted = typeof source.version === 'object' ? `parameter ${source.version.parameter}` : source.version;
      return fail(
        'not-found',
        `None of the last ${found.value.length} builds of "${source.job}" has the ${wanted} that is to be the version.`,
      );
    },
  };
}

function toBuild(build: JenkinsBuild, source: JenkinsSource): Build | undefined {
  const version = versionOf(build, source.version);
  if (!version) return undefined;
  const { number, url, result, startedAtMs, durationMs } = build;
  const found =
    result === 'SUCCESS' && source.file !== undefined ? findArtifactFile(build.artifacts, source.file) : undefined;
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
      build: { job: source.job, number, url, ...(found?.ok && { file: describeFile(build, found.value) }) },
    },
    result,
    startedAtMs,
    durationMs,
    ...(refused !== undefined && { refused: `Build ${number} of ${source.job} ${refused}.` }),
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

function versionOf(build: JenkinsBuild, from: JenkinsSource['version']): string | undefined {
  if (from === 'number') return String(build.number);
  if (from === 'displayName') return build.displayName;
  return build.parameters.get(from.parameter);
}
