// Lists the builds that a pipeline's artifact may come from.
import { fail, succeed } from '../model/failure.ts';
import type { ArtifactSource } from '../model/pipeline.ts';
import type { Artifacts, Build } from '../model/ports.ts';
import { createJenkins } from './jenkins.ts';
import type { JenkinsBuild, JenkinsDeps } from './jenkins.ts';

const withinMs = 20_000;

/** Builds that lack what the version is made of are left out; when none has it, that is a failure. */
export function createArtifacts(deps: JenkinsDeps): Artifacts {
  const jenkins = createJenkins(deps);
  return {
    async list(source, connection, limit, signal) {
      if (connection.kind !== 'jenkins') return fail('invalid', `A connection of kind ${connection.kind} has no builds.`);
      const found = await jenkins.builds({ connection, job: source.job, deadlineMs: deps.clock.now() + withinMs }, limit, signal);
      if (!found.ok) return found;
      const builds = found.value.flatMap(build => toBuild(build, source) ?? []);
      if (builds.length > 0 || found.value.length === 0) return succeed(builds);
      const wanted = typeof source.version === 'object' ? `parameter ${source.version.parameter}` : source.version;
      return fail('not-found', `None of the last ${found.value.length} builds of "${source.job}" has the ${wanted} that is to be the version.`);
    },
  };
}

function toBuild(build: JenkinsBuild, source: ArtifactSource & { kind: 'jenkins' }): Build | undefined {
  const version = versionOf(build, source.version);
  if (!version) return undefined;
  return { artifact: { version, build: { job: source.job, number: build.number, url: build.url } }, result: build.result, startedAtMs: build.startedAtMs, durationMs: build.durationMs };
}

function versionOf(build: JenkinsBuild, from: (ArtifactSource & { kind: 'jenkins' })['version']): string | undefined {
  if (from === 'number') return String(build.number);
  if (from === 'displayName') return build.displayName;
  return build.parameters.get(from.parameter);
}
