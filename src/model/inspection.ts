// What a host may look at beside runs: builds, stored configuration, output of hooks, and what the health sources answer just now.
import type { LogLine, MetricPoint } from './evidence.ts';
import type { Failure, Result } from './failure.ts';
import type { Pipeline } from './pipeline.ts';
import type { Build } from './ports.ts';

export interface Inspection {
  /** Builds of the pipeline's Jenkins job, newest first; fails where the artifact does not come from Jenkins. */
  builds(pipeline: Pipeline, limit: number): Promise<Result<readonly Build[]>>;
  /** Reads every health source as a verification would, over the last minutes. One answer after another. */
  testConnections(pipeline: Pipeline, onAnswer: (answer: ConnectionTest) => void, signal: AbortSignal): Promise<void>;
  /** Content of one stored configuration file. */
  configurationFile(digest: string): Result<Uint8Array>;
  /** What a command hook wrote so far, redacted; at most the last megabyte. Empty where nothing was kept. */
  hookOutput(runId: string, callKey: string): Promise<string>;
}

export interface ConnectionTest {
  readonly source: string;
  readonly connection: string;
  readonly url: string;
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly tookMs: number;
  readonly queries: readonly string[];
  readonly failure?: Failure;
  readonly lines: number;
  readonly points: number;
  /** As the mapping reads them: at most five. */
  readonly sampleLines: readonly LogLine[];
  /** The newest measured value of each metric. */
  readonly samplePoints: readonly MetricPoint[];
}
