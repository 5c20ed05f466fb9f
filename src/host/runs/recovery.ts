// Resumes the runs of this workspace whose process has ended: after a reload, a crash, or when another window closed.
import type { Pipeline } from '../../model/pipeline.ts';
import type { Clock, Log } from '../../model/ports.ts';
import { describeFailure } from '../../model/failure.ts';
import type { Engines } from './engines.ts';
import type { OwnRuns } from './ownRuns.ts';

export interface RecoveryOptions {
  readonly engines: Engines;
  readonly ownRuns: OwnRuns;
  readonly readPipeline: (folder: string, file: string) => Promise<Pipeline | undefined>;
  readonly folders: () => readonly string[];
  readonly isTrusted: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly onResumed: (runId: string) => void;
}

const firstWaitMs = 1000,
  longestWaitMs = 30_000;

/**
 * Retries until every run has ended or belongs to this process: after a reload, the old host may keep a run for some
 * seconds.
 */
export async function recoverRuns(options: RecoveryOptions, signal: AbortSignal): Promise<void> {
  const taken = new Set<string>();
  for (let waitMs = firstWaitMs; !signal.aborted; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    const left = options.isTrusted() ? await tryAll(options, taken) : 0;
    if (left === 0) return;
    await options.clock.sleep(waitMs, signal);
  }
}

async function tryAll(options: RecoveryOptions, taken: Set<string>): Promise<number> {
  const open = options.ownRuns
    .list()
    .filter(({ runId, folder }) => !taken.has(runId) && options.folders().includes(folder));
  const results = await Promise.all(open.map(({ runId, folder }) => takeUp(options, runId, folder, taken)));
  return results.filter(result => result === 'later').length;
}

async function takeUp(
  { engines, ownRuns, readPipeline, log, onResumed }: RecoveryOptions,
  runId: string,
  folder: string,
  taken: Set<string>,
): Promise<'done' | 'later'> {
  const engine = await engines.open(folder);
  if (!engine.ok) return 'later';
  const { history } = engine.value;
  const run = history.findRun(runId);
  const started = history.events(runId).find(event => event.type === 'run-started');
  if (!run || run.outcome !== undefined || !started) {
    await ownRuns.remove(runId);
    return 'done';
  }
  // The run uses the pipeline in its journal; the current file is only for journals of an older Backstop.
  const today = await readPipeline(folder, started.file);
  const resumed = await engine.value.resume(runId, today, { name: 'backstop', via: 'policy' });
  if (resumed.ok) {
    taken.add(runId);
    log.debug(`Resumed run #${run.number}.`);
    onResumed(runId);
    resumed.value.done
      .then(({ stopped }) => (stopped ? undefined : ownRuns.remove(runId)))
      .catch((error: unknown) => log.warn(`Run #${run.number} broke off: ${String(error)}`));
    return 'done';
  }
  log.debug(`Run #${run.number} is not resumed now: ${describeFailure(resumed.failure)}`);
  return resumed.failure.kind === 'refused' ? 'later' : 'done';
}
