// Watches the jobs that pipelines deploy from: a new successful build is offered once on this machine, or deployed
// automatically.
import type { History, RunSummary } from '../../model/history.ts';
import { identityOf } from '../../model/identity.ts';
import type { ArtifactSource, Pipeline } from '../../model/pipeline.ts';
import type { Build, Clock, Log } from '../../model/ports.ts';
import { describeFailure, StoreError, type Result } from '../../model/failure.ts';
import type { HostEngine } from './engines.ts';

export interface WatchedPipeline {
  readonly folder: string;
  readonly file: string;
  readonly pipeline: Pipeline;
}

export interface WatchOptions {
  readonly pipelines: () => readonly (Omit<WatchedPipeline, 'pipeline'> & { readonly pipeline?: Pipeline })[];
  readonly open: (folder: string) => Promise<Result<HostEngine>>;
  readonly isTrusted: () => boolean;
  /** True if the user wants notifications about new builds. */
  readonly wantsOffers: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly offer: (watched: WatchedPipeline, build: Build) => void;
  readonly deploy: (watched: WatchedPipeline, build: Build) => void;
}

export const pollMs = 60_000;
const longestPollMs = 15 * 60_000;
/** How many of the latest builds are read, because the newest ones may have failed. */
const lookedAt = 5;

/**
 * Runs until the signal aborts. A build server that does not respond is queried less and less often, without a
 * notification.
 */
export async function watchJobs(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const resting = new Map<string, { readonly untilMs: number; readonly forMs: number }>();
  for (; !signal.aborted; await options.clock.sleep(pollMs, signal)) {
    if (!options.isTrusted()) continue;
    await Promise.all(
      options.pipelines().map(async ({ folder, file, pipeline }) => {
        if (
          !pipeline ||
          pipeline.artifact.kind !== 'build' ||
          pipeline.artifact.watch === 'off' ||
          (pipeline.artifact.watch === 'offer' && !options.wantsOffers())
        )
          return;
        const key = keyOf(pipeline, pipeline.artifact),
          rest = resting.get(key);
        if (rest && options.clock.now() < rest.untilMs) return;
        if (await look(options, { folder, file, pipeline }, key, signal)) {
          resting.delete(key);
          return;
        }
        const forMs = Math.min(longestPollMs, 2 * (rest?.forMs ?? pollMs));
        resting.set(key, { forMs, untilMs: options.clock.now() + forMs });
      }),
    );
  }
}

/** All windows share the mark, so another clone with the same pipeline does not offer the build again. */
function keyOf(pipeline: Pipeline, { connection, job }: ArtifactSource & { readonly kind: 'build' }): string {
  return JSON.stringify([
    connection && pipeline.connections[connection]?.url,
    job,
    identityOf(pipeline),
    pipeline.name,
  ]);
}

/** False if the build server could not be queried. */
async function look(
  { open, log, offer, deploy }: WatchOptions,
  watched: WatchedPipeline,
  key: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { folder, pipeline } = watched;
  const engine = await open(folder);
  if (!engine.ok) return false;
  const builds = await engine.value.inspection.builds(pipeline, lookedAt);
  if (signal.aborted) return true;
  if (!builds.ok) {
    log.debug(`The job of ${pipeline.name} could not be watched: ${describeFailure(builds.failure)}`);
    return false;
  }
  const deployable = builds.value.filter(build => build.refused === undefined),
    [newest] = deployable;
  const { history } = engine.value;
  if (noteBuilds(history, key, deployable) !== 'new' || !newest) return true;
  const { startedAtMs = -Infinity } = newest;
  const runs = runsOf(history, pipeline, newest.artifact.version);
  if (runs.some(run => run.startedAtMs >= startedAtMs)) return true;
  const isDeployed =
    pipeline.artifact.kind === 'build' &&
    pipeline.artifact.watch === 'deploy' &&
    !wasBad(history, pipeline, newest.artifact.version, runs);
  (isDeployed ? deploy : offer)(watched, newest);
  return true;
}

function runsOf(history: History, pipeline: Pipeline, version: string): readonly RunSummary[] {
  return history.runs({ limit: Number.MAX_SAFE_INTEGER, service: identityOf(pipeline), version });
}

/** A version that any run has rolled back is never deployed again automatically, not even as a new build. */
function wasBad(history: History, pipeline: Pipeline, version: string, runs: readonly RunSummary[]): boolean {
  const service = identityOf(pipeline);
  const releases = history.releases(service).filter(({ artifact }) => artifact.version === version);
  return (
    runs.some(run => run.outcome === 'rolled-back' || run.outcome === 'failed') ||
    history
      .ledger(service)
      .some(
        ({ release, standing }) =>
          (standing === 'rolled-back' || standing === 'failed') && releases.some(({ id }) => id === release),
      )
  );
}

/** If the store is busy, nothing is stored, and the next query finds the build again. */
function noteBuilds(
  history: History,
  key: string,
  builds: readonly Build[],
): ReturnType<History['noteBuild']> | 'busy' {
  const isDated = builds.every(({ startedAtMs }) => startedAtMs !== undefined);
  try {
    return isDated
      ? history.noteBuild(key, builds[0]?.startedAtMs ?? 0)
      : history.noteVersions(
          key,
          builds.map(({ artifact }) => artifact.version),
        );
  } catch (error) {
    if (error instanceof StoreError && error.passes) return 'busy';
    throw error;
  }
}
