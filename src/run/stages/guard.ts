// Watches nodes on the new release at times without a phase verification: while other nodes are upgraded, while a
// person is asked, and between two stages.
import type { Failure } from '../../model/failure.ts';
import type { Verification } from '../../model/pipeline.ts';
import type { VerificationReport } from '../../model/evidence/verdict.ts';
import { startCheck, type RunningCheck } from './check/check.ts';
import type { RunContext } from '../context.ts';
import type { Scope } from './scope.ts';

export interface GuardTask {
  /** Stable across a restart. */
  readonly key: string;
  readonly stage: string;
  readonly environment: string;
  readonly phase: number;
  readonly verification: Verification;
  readonly canaryNodes: readonly string[];
  /** The nodes that keep the old release in the meantime. */
  readonly baselineNodes: readonly string[];
  /** The time at which the evidence of the previous phase ended. */
  readonly sinceMs: number;
  readonly beforeToMs: number;
  /** The failure to report in case of a breach. */
  readonly failure: Failure;
}

export interface Guard extends Pick<GuardTask, 'key' | 'failure'> {
  /** The report that failed, once there is one. */
  breach(): VerificationReport | undefined;
  /**
   * Another verification judges everything after `atMs`. The guard continues only until the sources have delivered the
   * earlier data.
   */
  handOver(atMs: number): void;
  /** Evaluates once more, and returns the failed report if there is one. */
  finish(): Promise<VerificationReport | undefined>;
}

/** A pass or an inconclusive result has no effect here. Only a failure has one, and it is reported at once. */
export async function startGuard(
  context: RunContext,
  task: GuardTask,
  scope: Scope,
  onBreach: (report: VerificationReport) => void,
): Promise<Guard> {
  const { clock } = context.ports;
  const { sinceMs, failure, ...rest } = task;
  const lateMs = latenessMs(context, task.verification);
  let breach: VerificationReport | undefined,
    untilMs = Infinity,
    check: RunningCheck | undefined = undefined;
  check = await startCheck(
    context,
    { ...rest, purpose: 'watch', canarySinceMs: Math.max(task.beforeToMs, sinceMs - lateMs) },
    scope,
    (report, { jumped }) => {
      if (!jumped && !breach && isBreach(context, report)) {
        breach = report;
        onBreach(report);
      }
      if (clock.now() >= untilMs) check?.stop();
    },
  );
  const running = check;
  return {
    key: task.key,
    failure,
    breach: () => breach,
    handOver(atMs) {
      untilMs = atMs + lateMs;
    },
    async finish() {
      running.stop();
      const { report } = await running.finish({ learn: false });
      if (isBreach(context, report)) breach ??= report;
      return breach;
    },
  };
}

/** A metric with `onFailure: hold` is left to the verification of a phase, which can ask a person. */
function isBreach({ pipeline: { healthSources }, phases }: RunContext, report: VerificationReport): boolean {
  const situation = { missingData: 'hold', heldByPerson: false, waitedOut: false, healthSources } as const;
  return (
    report.outcome === 'fail' &&
    phases.decide({ ...situation, report, onFailure: { kind: 'stop' } }).decision !== 'hold'
  );
}

/**
 * Undefined if nothing can be judged, since a load test has no load at these times. If no node is left on the old
 * release, only logs are judged: a new log event is found within seconds, but metrics need the whole duration of a
 * phase to be compared with the time before.
 */
export function guardedBy(
  { pipeline }: RunContext,
  verification: Verification | undefined,
  baselineNodes: readonly string[],
): Verification | undefined {
  if (!verification || verification.baseline !== undefined) return undefined;
  const sources = verification.sources.filter(name => {
    const source = pipeline.healthSources[name];
    return source?.kind === 'measurement'
      ? source.ask === 'each-evaluation'
      : baselineNodes.length > 0 || source?.kind === 'logs';
  });
  return sources.length === 0 ? undefined : { ...verification, sources };
}

/** The time after which the sources have delivered what was written. */
export function latenessMs({ pipeline }: RunContext, { sources, intervalMs }: Verification): number {
  return Math.max(0, ...sources.map(name => pipeline.healthSources[name]!.delayMs)) + 2 * intervalMs;
}
