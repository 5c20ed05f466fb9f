// Looks on where no phase looks: at nodes on the new release while others are upgraded, while a person is waited for,
// between two stages.
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
  /** Nodes that keep the old release meanwhile. */
  readonly baselineNodes: readonly string[];
  /** Where the evidence of the phase before ended. */
  readonly sinceMs: number;
  readonly beforeToMs: number;
  /** The failure that a breach is reported as. */
  readonly failure: Failure;
}

export interface Guard extends Pick<GuardTask, 'key' | 'failure'> {
  /** The report that failed, once there is one. */
  breach(): VerificationReport | undefined;
  /** What is seen from then on another verification judges: looks on only until the sources have told all of before. */
  handOver(atMs: number): void;
  /** Looks once more, and answers what failed, if anything did. */
  finish(): Promise<VerificationReport | undefined>;
}

/** A pass and what cannot be measured mean nothing here: only a failure does, and is told at once. */
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

/** A metric that only holds the run leaves that to the verification of a phase, which can ask a person. */
function isBreach({ pipeline: { healthSources }, phases }: RunContext, report: VerificationReport): boolean {
  const situation = { missingData: 'hold', heldByPerson: false, waitedOut: false, healthSources } as const;
  return (
    report.outcome === 'fail' &&
    phases.decide({ ...situation, report, onFailure: { kind: 'stop' } }).decision !== 'hold'
  );
}

/**
 * Undefined where nothing can be said: a load test has no load meanwhile. Where no node is left on the old release only
 * logs are looked at: what was never written before is told after seconds, while metrics against the time before want
 * the whole window that the phase gives them.
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

/** After so long the sources have told what was written. */
export function latenessMs({ pipeline }: RunContext, { sources, intervalMs }: Verification): number {
  return Math.max(0, ...sources.map(name => pipeline.healthSources[name]!.delayMs)) + 2 * intervalMs;
}
