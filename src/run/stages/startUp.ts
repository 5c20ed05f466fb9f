// Watches the log events of nodes from the start of their upgrade until the verification of their phase begins:
// upgrade, start and settle time.
import type { PlannedPhase } from '../../model/runs/plan.ts';
import type { CanaryStage, Verification } from '../../model/pipeline.ts';
import { combineOutcomes, type VerificationReport } from '../../model/evidence/verdict.ts';
import type { FinishedVerification } from '../../model/evidence/verification.ts';
import type { RunContext } from '../context.ts';
import { startCheck } from './check/check.ts';
import type { CheckTask } from './check/checkTask.ts';
import type { Scope } from './scope.ts';
import { latenessMs } from './guard.ts';

export interface StartUp {
  /** The report that failed, once there is one. */
  breach(): VerificationReport | undefined;
  /** The verification of the phase judges everything after `atMs`. */
  handOver(atMs: number): void;
  /**
   * Adds the findings of the start-up to a report of the phase's verification, which does not pass before they are
   * known.
   */
  addTo(report: VerificationReport): VerificationReport;
  /** Later evidence does not count. */
  stop(): void;
  finish(options: { readonly learn: boolean }): Promise<FinishedVerification>;
}

/** Undefined if no source has logs: metrics of starting nodes have no meaning. */
export async function watchStartUp(
  context: RunContext,
  stage: CanaryStage,
  phase: PlannedPhase,
  times: Pick<CheckTask, 'canarySinceMs' | 'beforeToMs'>,
  scope: Scope,
  onBreach: () => void,
): Promise<StartUp | undefined> {
  const { clock } = context.ports;
  const verification = logsOf(context, phase.verification);
  if (!verification) return undefined;
  const lateMs = latenessMs(context, verification);
  let latest: VerificationReport | undefined,
    breach: VerificationReport | undefined,
    isHandedOver = false,
    openUntilMs = Infinity;
  const isOpen = (): boolean => clock.monotonicMs() < openUntilMs;
  const running = await startCheck(
    context,
    { ...taskOf(stage, phase, verification), ...times, weigh: context.phases.judgeStartUp },
    scope,
    (report, { jumped }) => {
      if (jumped) return;
      latest = report;
      if (report.outcome !== 'fail' || breach) return;
      breach = report;
      if (!isHandedOver) onBreach();
    },
  );
  return {
    breach: () => breach,
    handOver(atMs) {
      isHandedOver = true;
      openUntilMs = clock.monotonicMs() + atMs - clock.now() + lateMs;
      // Continues until the sources have delivered everything before `atMs`, or until the run ends.
      void clock.sleep(atMs - clock.now() + lateMs, scope.signal).then(() => running.stop());
    },
    addTo(report) {
      // Sources that could not be read block nothing here: the verification that follows cannot read them either, and
      // says so.
      const said = latest?.outcome === 'pass' || latest?.checks.length === 0 ? undefined : latest;
      const outcome = combineOutcomes([
        report.outcome,
        ...(said ? [said.outcome] : []),
        ...(isOpen() ? (['inconclusive'] as const) : []),
      ]);
      return outcome === report.outcome && !said
        ? report
        : { ...report, outcome, checks: [...report.checks, ...(said?.checks ?? [])] };
    },
    stop: () => running.stop(),
    finish: options => running.finish(options),
  };
}

function taskOf(
  stage: CanaryStage,
  phase: PlannedPhase,
  verification: Verification,
): Omit<CheckTask, 'canarySinceMs' | 'beforeToMs'> {
  return {
    key: `${stage.name}/${phase.number}/start-up`,
    stage: stage.name,
    environment: stage.environment,
    phase: phase.number,
    purpose: 'start-up',
    verification,
    canaryNodes: phase.newNodes,
    baselineNodes: phase.baselineNodes,
  };
}

function logsOf({ pipeline }: RunContext, verification: Verification | undefined): Verification | undefined {
  if (!verification) return undefined;
  const { baseline: _, ...rest } = verification;
  const sources = rest.sources.filter(name => pipeline.healthSources[name]?.kind === 'logs');
  // The duration is open: it ends with the settle time.
  return sources.length === 0 ? undefined : { ...rest, sources, durationMs: 0 };
}
