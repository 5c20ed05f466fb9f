// Starts a verification of some nodes, journals its evaluations, and stores its results at the end.
import type { CheckTask } from './checkTask.ts';
import { describeFailure, type Failure } from '../../../model/failure.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import type { Check, VerificationReport } from '../../../model/evidence/verdict.ts';
import type { FinishedVerification } from '../../../model/evidence/verification.ts';
import { jumpFailure, watchClock } from '../../ownership/clockWatch.ts';
import type { RunContext } from '../../context.ts';
import { chooseRun, keyOf, readRun } from './earlierRun.ts';
import { followFeedback } from '../../feedback.ts';
import { measuredBy, settingsOf, sourcesOf } from './checkSettings.ts';
import type { Scope } from '../scope.ts';

type Started = RunEvent & { readonly type: 'verification-started' };

const mostBrief = 12;

export interface RunningCheck {
  stop(): void;
  finish(options: { readonly learn: boolean }): Promise<FinishedVerification>;
}

/**
 * `over`: the time of the verification has passed. `jumped`: the clock was set meanwhile, so the verification has no
 * result and must start again.
 */
export type HearLook = (
  report: VerificationReport,
  state: { readonly over: boolean; readonly jumped: boolean },
) => void;

/** `onLook` is also called for a verification that could not start: inconclusive, and over. */
export async function startCheck(
  context: RunContext,
  task: CheckTask,
  scope: Scope,
  onLook: HearLook,
): Promise<RunningCheck> {
  // The versions on the nodes determine which versions are compared.
  await context.kept();
  const watch = watchClock(context.ports.clock);
  const { journal } = context;
  const { key, purpose, verification, weigh = report => report } = task;
  const started = begin(context, task);
  const earlier = readRun(context, task, started);
  // In a load test, the earlier run is the only baseline, even if nodes still run the old release.
  const baselineNodes = earlier?.mode === 'load-test' ? [] : task.baselineNodes;
  const opened = await context.phases.startVerification(
    {
      sources: sourcesOf(context, verification),
      settings: settingsOf(context, { ...task, baselineNodes }, started, earlier),
      measured: measuredBy(context, { ...task, baselineNodes }, started.sinceMs),
      feedback: followFeedback(context),
      onLook({ report, pages, queries, over }) {
        try {
          // The report is stored before the event that refers to it.
          if (pages && !task.weigh) context.ports.history.saveReport(context.runId, key, report.lookedAtMs, pages);
          const jumpedByMs = watch.jumpedByMs(),
            told = discount(weigh(report), jumpedByMs);
          journal.record({ type: 'looked', key, report: brief(told), queries });
          onLook(told, { over, jumped: jumpedByMs !== 0 });
        } catch (error) {
          context.breakOff(error);
        }
      },
    },
    scope.signal,
  );
  if (!opened.ok) {
    const report = weigh(reportOfNothing(started.sinceMs, context.ports.clock.now(), opened.failure));
    onLook(report, { over: true, jumped: false });
    return alreadyOver(report);
  }
  context.inbox.listen(started.at, scope.signal, ({ type }) => {
    if (type === 'feedback') opened.value.lookNow();
  });
  return {
    stop: () => opened.value.stop(),
    async finish(options) {
      const jumpedByMs = watch.jumpedByMs();
      const whole = jumpedByMs === 0;
      const answered = await opened.value.finish({
        learn: options.learn && whole,
        keep: purpose === 'canary' && whole,
      });
      const finished = { ...answered, report: discount(weigh(answered.report), jumpedByMs) };
      keepShown(context, task, finished);
      recordEnd(context, key, finished.report);
      return finished;
    },
  };
}

function alreadyOver(report: VerificationReport): RunningCheck {
  return {
    stop() {
      /* nothing to stop */
    },
    finish: () => Promise.resolve({ report }),
  };
}

function begin(context: RunContext, task: CheckTask): Started {
  const { key, stage, phase, purpose, canaryNodes, verification } = task;
  return context.journal.recordOnce(
    {
      type: 'verification-started',
      key,
      stage,
      phase,
      purpose,
      sinceMs: task.canarySinceMs,
      intervalMs: verification.intervalMs,
      durationMs: verification.durationMs,
      canaryNodes,
      baselineNodes: task.baselineNodes,
      ...chooseRun(context, task),
    },
    event => event.key === key,
  );
}

function reportOfNothing(startedAtMs: number, lookedAtMs: number, failure: Failure): VerificationReport {
  return { outcome: 'inconclusive', checks: [], startedAtMs, lookedAtMs, looks: 0, failure };
}

function recordEnd({ journal }: RunContext, key: string, report: VerificationReport): void {
  const firstAnomalyMs = firstAnomaly(report);
  journal.recordOnce(
    {
      type: 'verification-finished',
      key,
      report,
      ...(firstAnomalyMs !== undefined && { firstAnomalyMs }),
    },
    event => event.key === key,
  );
}

/** Removes the result of a report across which the clock jumped: a jump can cost evidence but never add any. */
function discount(report: VerificationReport, jumpedByMs: number): VerificationReport {
  return jumpedByMs === 0 ? report : { ...report, outcome: 'inconclusive', failure: jumpFailure(jumpedByMs) };
}

/**
 * If the evidence cannot be stored, this is noted and the run continues; later runs cannot be compared with it then.
 */
function keepShown(
  { ports: { history }, runId, journal }: RunContext,
  { environment, key, phase, verification: { intervalMs } }: CheckTask,
  { kept }: FinishedVerification,
): void {
  if (kept?.ok) history.saveEvidence({ runId, environment, key: keyOf(key), phase, intervalMs }, kept.value);
  else if (kept)
    journal.record({
      type: 'noted',
      failure: {
        ...kept.failure,
        message: `What the canary showed could not be kept for later comparisons: ${describeFailure(kept.failure)}`,
      },
    });
}

/**
 * Evaluations come every few seconds, so the journal keeps only the names of the anomalies. The last report, and the
 * stored one, are complete.
 */
function brief(report: VerificationReport): VerificationReport {
  return {
    ...report,
    checks: report.checks.map((check): Check => {
      if (check.kind !== 'logs') return check;
      const clusters = check.clusters
        .slice(0, mostBrief)
        .map(cluster => ({ ...cluster, samples: { canary: [], baseline: [] } }));
      return { ...check, clusters, hiddenClusters: check.hiddenClusters + check.clusters.length - clusters.length };
    }),
  };
}

function firstAnomaly(report: VerificationReport): number | undefined {
  const times = report.checks.flatMap(check =>
    check.kind === 'logs'
      ? check.clusters.filter(cluster => cluster.class !== 'known').map(cluster => cluster.firstSeenMs)
      : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}
