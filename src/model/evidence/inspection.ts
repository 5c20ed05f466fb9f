// What a host can read besides runs: builds, stored configuration, and output of hooks.
import type { Result } from '../failure.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Build, BuildRange, Commits } from '../ports.ts';

export interface Inspection {
  /** Builds of the pipeline's job, newest first; fails if the artifact does not come from a build server. */
  builds(pipeline: Pipeline, limit: number): Promise<Result<readonly Build[]>>;
  /** The commits between two builds of the pipeline's job; fails if the build server does not keep them. */
  commits(pipeline: Pipeline, range: BuildRange): Promise<Result<Commits>>;
  /** Content of one stored configuration file. */
  configurationFile(digest: string): Result<Uint8Array>;
  /** Output of a command hook so far, redacted; at most the last megabyte. Empty if nothing was stored. */
  hookOutput(runId: string, callKey: string): Promise<string>;
}
